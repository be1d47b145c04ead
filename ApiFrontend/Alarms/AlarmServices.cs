using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Alarms;

internal static class AlarmServices
{
    /// <summary>Adds the bell, and the channels that are configured.</summary>
    public static IServiceCollection AddAlarms(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AlarmOptions>().BindConfiguration(AlarmOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlarmOptions>, AlarmOptionsValidator>();
        services.AddSingleton<AlarmBell>();
        services.AddHostedService(provider => provider.GetRequiredService<AlarmBell>());

        var section = configuration.GetSection(AlarmOptions.Section);
        if (section[nameof(AlarmOptions.Webhook)] is { Length: > 0 })
        {
            services.AddHttpClient(WebhookAlarms.ClientName, client => client.Timeout = TimeSpan.FromSeconds(5))
                .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            services.AddSingleton<IAlarmChannel, WebhookAlarms>();
        }

        if (section[$"{nameof(AlarmOptions.Smtp)}:{nameof(SmtpOptions.Host)}"] is { Length: > 0 })
        {
            services.AddSingleton<IAlarmChannel, MailAlarms>();
        }

        return services;
    }
}
