using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Users;

internal static class LoginTable
{
    public static readonly ProjectionTable<LoginRow> Definition = new("login", "logins", schema: 1)
    {
        Columns =
        [
            new("username", row => row.Username),
            new("user_id", row => row.UserId),
        ],
        Migrations =
        [
            """
            CREATE TABLE logins (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                username          TEXT    NOT NULL,
                user_id           BIGINT);
            CREATE INDEX logins_unfinished ON logins (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
            "CREATE INDEX logins_by_username ON logins (username);",
        ],
    };
}
