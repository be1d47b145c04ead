using System.Globalization;
using System.Net;
using System.Net.Mail;
using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Alarms;

/// <summary>Sends alarms by mail, as plain text.</summary>
internal sealed class MailAlarms(IOptions<AlarmOptions> options, GatewayRun gateway, TimeProvider clock) : IAlarmChannel
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SmtpOptions _smtp = options.Value.Smtp;

    public string Name => "mail";

    public async Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        using var message = MessageOf(AlarmMessage.Of(alarm, gateway));
        using var client = new SmtpClient(_smtp.Host, _smtp.Port) { EnableSsl = _smtp.StartTls };
        if (!string.IsNullOrEmpty(_smtp.Username))
        {
            client.Credentials = new NetworkCredential(_smtp.Username, _smtp.Password);
        }

        // The client's own timeout is for calls that block.
        using var patient = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patient.Token, cancellationToken);
        await client.SendMailAsync(message, either.Token);
    }

    private MailMessage MessageOf(AlarmMessage alarm)
    {
        var isOver = alarm.EndedAt is not null;
        var message = new MailMessage
        {
            From = new MailAddress(_smtp.From!),
            Subject = isOver ? $"[Library] {alarm.Service} is well again" : $"[Library] {alarm.Service} is {alarm.Condition}",
            Body = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Service:  {alarm.Service}
                Worst:    {alarm.Condition} ({string.Join(", ", alarm.Codes)})
                Began:    {alarm.StartedAt:u}
                Ended:    {(isOver ? $"{alarm.EndedAt:u}" : "not yet")}
                Incident: {alarm.Incident}
                Told by:  {alarm.Gateway}
                """),
        };
        message.To.Add(_smtp.To!);
        return message;
    }
}
