using System.Globalization;
using System.Security.Claims;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Security;

/// <summary>Who is calling, as the token tells.</summary>
internal static class Principal
{
    /// <summary>"READER LIBRARIAN": role names joined by spaces.</summary>
    public const string RolesClaim = "roles";

    /// <summary>The version of the user's tokens at sign-in.</summary>
    public const string VersionClaim = "ver";

    /// <summary>The number of the reader behind the user.</summary>
    public const string ReaderClaim = "reader";

    /// <summary>The subject is "id,username".</summary>
    public const string SubjectClaim = "sub";

    /// <summary>Null for the public.</summary>
    public static UserId? UserOf(ClaimsPrincipal principal) =>
        UserId.TryParse(principal.FindFirstValue(SubjectClaim)?.Split(',')[0], out var id) ? id : null;

    /// <summary>The version of the user's tokens when this one was issued.</summary>
    public static int VersionOf(ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(VersionClaim), CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Null for users without a reader's profile.</summary>
    public static ReaderNumber? ReaderOf(ClaimsPrincipal principal) =>
        ReaderNumber.TryParse(principal.FindFirstValue(ReaderClaim), out var number) ? number : null;

    public static bool IsLibrarian(ClaimsPrincipal principal) => principal.IsInRole(Roles.Librarian);
}
