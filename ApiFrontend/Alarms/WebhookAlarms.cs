using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Alarms;

/// <summary>Posts alarms as JSON.</summary>
internal sealed class WebhookAlarms(
    IHttpClientFactory http, IOptions<AlarmOptions> options, GatewayRun gateway, TimeProvider clock) : IAlarmChannel
{
    public const string ClientName = "alarms";

    /// <summary>When it was sent, in seconds since 1970. Part of what is signed, so that nobody can play it again later.</summary>
    public const string TimestampHeader = "Lms-Timestamp";

    /// <summary><c>sha256=</c> and the HMAC of timestamp, full stop and body, in hexadecimal.</summary>
    public const string SignatureHeader = "Lms-Signature";

    public string Name => "webhook";

    public async Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(AlarmMessage.Of(alarm, gateway), JsonSerializerOptions.Web);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Webhook) { Content = content };
        if (options.Value.WebhookSecret is { Length: > 0 } secret)
        {
            var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add(TimestampHeader, timestamp);
            request.Headers.Add(SignatureHeader, $"sha256={Sign(secret, timestamp, body)}");
        }

        using var client = http.CreateClient(ClientName);
        using var answer = await client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static string Sign(string secret, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{timestamp}."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}

/// <summary>What is posted.</summary>
internal sealed record AlarmMessage(
    string Event, Guid Incident, string Service, string Condition, IReadOnlyList<string> Codes, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string Gateway)
{
    public static AlarmMessage Of(Alarm alarm, GatewayRun gateway) => new(
        alarm.Event == AlarmEvent.Opened ? "opened" : "closed",
        alarm.Incident.Id,
        alarm.Incident.Service,
        StatusView.NameOf(alarm.Incident.Worst),
        alarm.Incident.Codes,
        alarm.Incident.StartedAt,
        alarm.Incident.EndedAt,
        gateway.Name);
}
