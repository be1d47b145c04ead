using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lms.Chaos.Load;

/// <summary>A request that may be sent, and sent again.</summary>
/// <param name="Operation">What it is counted as.</param>
internal sealed record Call(string Operation, HttpMethod Method, string Path)
{
    public const string Lend = "lend";
    public const string Return = "return";

    /// <summary>True when somebody stands at the desk and waits for it.</summary>
    public bool IsAtDesk => IsDesk(Operation);

    public object? Body { get; init; }

    public long? IfMatch { get; init; }

    /// <summary>Of a write: whoever repeats it does it once.</summary>
    public string? Key { get; init; }

    /// <summary>It was sent before, and nobody knows what became of it.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>What is remembered of the answer.</summary>
    public Action<Answer> Settle { get; init; } = _ => { };

    public static bool IsDesk(string operation) => operation is Lend or Return;

    public HttpRequestMessage Request(Uri url, string token)
    {
        var request = new HttpRequestMessage(Method, new Uri(url, Path));
        request.Headers.Authorization = new("Bearer", token);
        if (Body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(Body), Encoding.UTF8, "application/json");
        }

        if (IfMatch is { } version)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        }

        if (Key is not null)
        {
            request.Headers.Add("Idempotency-Key", Key);
        }

        return request;
    }
}
