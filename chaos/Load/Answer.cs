using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lms.Chaos.Load;

/// <summary>What a request came to.</summary>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Fault">Why there was none.</param>
internal sealed record Answer(HttpStatusCode? Status, string Body, long? Version, bool IsDegraded, string? Fault, string Detail)
{
    public const string Refused = "connection refused";
    public const string Overrun = "overrun";

    public bool IsSuccess => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    /// <summary>Nobody knows whether the write was made: it may be sent again with its key.</summary>
    public bool IsUnknown => Status is null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests;

    public string Kind => Fault ?? string.Create(CultureInfo.InvariantCulture, $"status {(int)Status!}");

    public static Answer Failed(string fault, string detail) => new(null, "", null, false, fault, detail);

    public static async Task<Answer> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var isSuccess = response.IsSuccessStatusCode;
        return new(response.StatusCode, body, VersionOf(response), IsOld(response), null, isSuccess ? "" : Shortened(body));
    }

    public static Answer Of(Exception fault) => fault switch
    {
        OperationCanceledException => Failed("timeout", ""),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            Failed(Refused, ""),
        HttpRequestException { InnerException: SocketException socket } => Failed("connection failed", socket.SocketErrorCode.ToString()),
        _ => Failed("connection lost", Shortened(fault.GetBaseException().Message)),
    };

    private static long? VersionOf(HttpResponseMessage response) =>
        long.TryParse(response.Headers.ETag?.Tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    private static bool IsOld(HttpResponseMessage response) =>
        response.Headers.Contains("Lms-Degraded")
        || (response.Headers.TryGetValues("Cache-Status", out var hits)
            && hits.Any(hit => hit.Contains("ttl=-", StringComparison.Ordinal)));

    private static string Shortened(string text) => text.Length <= 300 ? text : text[..300];
}
