using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Users;

public sealed record UserSummary(long Id, string Username, string FullName, string Roles, bool Enabled);

/// <summary>Tokens of the user are worth nothing unless the user is enabled and the token has this version.</summary>
public sealed record Revocation(long UserId, bool Enabled, int TokenVersion, DateTimeOffset RevokedAt);

/// <summary>What a sign-in needs to know of a user. Of all queries only <see cref="UserQueries.FindCredentialsAsync"/> tells a hash.</summary>
public sealed record StoredCredentials(
    long Id, string Username, string FullName, string Roles, bool Enabled, int TokenVersion, string? Reader, string PasswordHash)
{
    /// <summary>Without the hash, whoever writes it down.</summary>
    public override string ToString() => $"credentials of user {Id}";
}

public sealed class UserQueries(ReadModelDatabase database)
{
    /// <summary>
    /// Users whose username is, or whose full name contains, what is given; newest first, disabled ones too. Null
    /// means not given; with nothing given every user is found.
    /// </summary>
    /// <param name="usernameLower">The e-mail, lower case.</param>
    /// <param name="fullNameFolded">A part of the full name.</param>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<UserSummary>> SearchAsync(
        string? usernameLower, string? fullNameFolded, int offset, int limit, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Is("username", usernameLower)
            .Contains("full_name_folded", fullNameFolded);
        conditions.Parameters.AddDynamicParams(new { offset, limit });

        return await database.QueryAsync(
            $"""
            SELECT id, username, full_name, roles, enabled
            FROM users
            WHERE {conditions.Any}
            ORDER BY id DESC
            LIMIT @limit OFFSET @offset
            """,
            conditions.Parameters,
            row => new UserSummary(
                row.LongNumber("id"),
                row.Text("username"),
                row.Text("full_name"),
                row.Text("roles"),
                row.Flag("enabled")),
            cancellationToken);
    }

    /// <summary>Whose username it is, as the claim on it says; null for nobody's, and for a row that is still to be made anew.</summary>
    /// <param name="usernameLower">The e-mail, lower case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<StoredCredentials?> FindCredentialsAsync(string usernameLower, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            """
            SELECT u.id, u.username, u.full_name, u.roles, u.enabled, u.token_version, u.reader, u.password_hash
            FROM logins l
            JOIN users u ON u.id = l.user_id
            WHERE l.username = @usernameLower AND u.password_hash IS NOT NULL
            """,
            new { usernameLower },
            row => new StoredCredentials(
                row.LongNumber("id"),
                row.Text("username"),
                row.Text("full_name"),
                row.Text("roles"),
                row.Flag("enabled"),
                row.Number("token_version"),
                row.TextOrNull("reader"),
                row.Text("password_hash")),
            cancellationToken)).SingleOrDefault();

    /// <summary>True when somebody who may sign in has the role.</summary>
    public async Task<bool> IsAnyEnabledAsync(string role, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            """
            SELECT id
            FROM users
            WHERE enabled = 1 AND (' ' || roles || ' ') LIKE '% ' || @role || ' %'
            LIMIT 1
            """,
            new { role },
            row => row.LongNumber("id"),
            cancellationToken)).Count > 0;

    /// <summary>Everyone whose tokens were revoked at the instant or later.</summary>
    public async Task<IReadOnlyList<Revocation>> RevocationsAsync(
        DateTimeOffset since, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT id, enabled, token_version, revoked_at
            FROM users
            WHERE revoked_at >= @since
            ORDER BY id
            """,
            new { since = since.ToUnixTimeMilliseconds() },
            row => new Revocation(
                row.LongNumber("id"),
                row.Flag("enabled"),
                row.Number("token_version"),
                DateTimeOffset.FromUnixTimeMilliseconds(row.LongNumber("revoked_at"))),
            cancellationToken);
}
