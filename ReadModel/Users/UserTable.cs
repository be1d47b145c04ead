using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Users;

internal static class UserTable
{
    public static readonly ProjectionTable<UserRow> Definition = new("user", "users", schema: 2)
    {
        Columns =
        [
            new("id", row => row.Id),
            new("username", row => row.Username),
            new("full_name", row => row.FullName),
            new("full_name_folded", row => row.FullNameFolded),
            new("roles", row => row.Roles),
            new("enabled", row => row.Enabled),
            new("token_version", row => row.TokenVersion),
            new("revoked_at", row => row.RevokedAt),
            new("password_hash", row => row.PasswordHash),
            new("reader", row => row.Reader),
        ],
        Migrations =
        [
            """
            CREATE TABLE users (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                id                BIGINT  NOT NULL,
                username          TEXT    NOT NULL,
                full_name         TEXT    NOT NULL,
                full_name_folded  TEXT    NOT NULL,
                roles             TEXT    NOT NULL,
                enabled           INTEGER NOT NULL,
                token_version     INTEGER NOT NULL,
                revoked_at        BIGINT);
            CREATE INDEX users_by_id ON users (id);
            CREATE INDEX users_by_username ON users (username);
            CREATE INDEX users_by_revocation ON users (revoked_at) WHERE revoked_at IS NOT NULL;
            CREATE INDEX users_unfinished ON users (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
            // Null until the row is made anew.
            """
            ALTER TABLE users ADD COLUMN password_hash TEXT;
            ALTER TABLE users ADD COLUMN reader TEXT;
            """,
        ],
    };
}
