namespace Lms.Grains.Abstractions.Users;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class UserRejections
{
    public static readonly Rejection UsernameTaken =
        new(RejectionKind.Conflict, "username-taken", "Username already exists!", "username");

    public static readonly Rejection UsernameInvalid =
        new(RejectionKind.Invalid, "username-invalid", "Username must be a well-formed e-mail address.", "username");

    public static readonly Rejection PasswordWeak = new(
        RejectionKind.Invalid,
        "password-weak",
        "Given password is not valid: at least 8 characters, with a lower case letter, an upper case letter and a digit or sign.",
        "password");

    public static readonly Rejection RoleUnknown =
        new(RejectionKind.Invalid, "role-unknown", "Roles are READER, LIBRARIAN and ADMIN.", "role");

    public static readonly Rejection RoleReserved =
        new(RejectionKind.Forbidden, "role-reserved", "Staff accounts are made by an administrator.", "role");

    public static readonly Rejection WordsInvalid =
        new(RejectionKind.Invalid, "words-invalid", "At most 1000 words of 1 to 50 characters without spaces.", "words");

    public static readonly Rejection LoginUnknown =
        new(RejectionKind.NotFound, "login-unknown", "Nobody has this username.");

    public static readonly Rejection KeyUnknown =
        new(RejectionKind.NotFound, "key-unknown", "The key ring has no such key.");

    public static Rejection Unknown(UserId id) =>
        new(RejectionKind.NotFound, "user-unknown", $"Entity User with id {id} not found");
}
