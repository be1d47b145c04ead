using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Users;

internal sealed record SignInRequest(string? Username, string? Password);

internal sealed record SignedInView(string Id, string Username, string FullName);

internal sealed record UserView(string Id, string Username, string FullName);

internal sealed record UserQuery(string? Username, string? FullName);

/// <summary>Words that no name of a reader or user may contain.</summary>
internal sealed record ForbiddenWordsView(string[]? Words);

/// <summary>A search of the existing clients.</summary>
internal sealed record SearchRequest<T>(PageRequest? Page, T? Query) where T : class;

/// <summary>A user who is to sign in. Everything is required but authorities.</summary>
/// <param name="Username">An e-mail address.</param>
/// <param name="Password">At least 8 characters: upper and lower case, and a digit or a sign.</param>
/// <param name="Name">1 to 150 letters, digits, spaces, hyphens and apostrophes.</param>
/// <param name="Role">READER, LIBRARIAN or ADMIN.</param>
/// <param name="Authorities">Not used.</param>
internal sealed record RegisterRequest(
    string? Username, string? Password, string? Name, string? Role, string[]? Authorities)
{
    /// <summary>The answer to a request that cannot be carried out; null for a good one.</summary>
    public IResult? Check(string objectName) => this switch
    {
        _ when !Grains.Abstractions.Users.Username.TryParse(Username, out _) =>
            ContractErrors.Field(objectName, "username", Username, "must be a well-formed email address"),
        _ when string.IsNullOrWhiteSpace(Password) =>
            ContractErrors.Field(objectName, "password", rejectedValue: null, "must not be blank"),
        _ when string.IsNullOrWhiteSpace(Name) => ContractErrors.Field(objectName, "name", Name, "must not be blank"),
        _ when string.IsNullOrWhiteSpace(Role) => ContractErrors.Field(objectName, "role", Role, "must not be null"),
        _ when !PasswordRules.IsGood(Password) => ContractErrors.Of(UserRejections.PasswordWeak),
        _ => null,
    };
}

internal sealed record ChangeUserRequest(string? Name, string? Username, string? Password, string[]? Authorities)
{
    /// <inheritdoc cref="RegisterRequest.Check"/>
    public IResult? Check() => this switch
    {
        _ when Username is not null && !Grains.Abstractions.Users.Username.TryParse(Username, out _) =>
            ContractErrors.Field("editUserRequest", "username", Username, "must be a well-formed email address"),
        _ when Password is not null && !PasswordRules.IsGood(Password) => ContractErrors.Of(UserRejections.PasswordWeak),
        _ => null,
    };
}
