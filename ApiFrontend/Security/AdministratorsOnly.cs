using Lms.ApiFrontend.Errors;

namespace Lms.ApiFrontend.Security;

/// <summary>
/// Endpoint metadata: the operation is for administrators and nobody else. While a gateway has never learnt since its start whose
/// tokens are revoked, neither from the read model nor from the other gateways, it refuses exactly these operations, with 503, and
/// answers all others.
/// </summary>
/// <remarks>
/// A token of somebody who was dismissed an hour ago must not administer the library; that it may still look at a book is better
/// than a library that is shut.
/// </remarks>
internal sealed record AdministratorsOnly
{
    private static readonly TimeSpan s_comeBack = TimeSpan.FromSeconds(2);

    /// <summary>After authorization: whoever may not call the operation anyway is told so.</summary>
    public static Task UseAsync(HttpContext http, RequestDelegate next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<AdministratorsOnly>() is null
            || http.RequestServices.GetRequiredService<Revocations>().AreKnown
                ? next(http)
                : Refusals.Unavailable(
                    http, s_comeBack, "revocations-unknown", "Whose tokens are revoked is not known yet, so that administrators have to wait.")
                    .ExecuteAsync(http);
}
