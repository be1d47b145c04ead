namespace Lms.ApiFrontend.Operations;

/// <summary>
/// Endpoint metadata: the body is too large to be kept for comparing a repeat with its first request, so the endpoint says
/// what it hashed to.
/// </summary>
internal sealed class StreamedBody
{
    private static readonly object s_key = new();

    public static void SetDigest(HttpContext http, byte[] digest) => http.Items[s_key] = digest;

    /// <summary>Null for an ordinary body.</summary>
    public static byte[]? DigestOf(HttpContext http) => http.Items[s_key] as byte[];
}
