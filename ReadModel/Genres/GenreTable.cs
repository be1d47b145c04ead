using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Genres;

internal static class GenreTable
{
    public static readonly ProjectionTable<GenreRow> Definition = new("genre", "genres", schema: 1)
    {
        Columns =
        [
            new("folded", row => row.Folded),
            new("name", row => row.Name),
            new("retired", row => row.Retired),
            new("version", row => row.Version),
        ],
        Migrations =
        [
            """
            CREATE TABLE genres (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                folded            TEXT    NOT NULL,
                name              TEXT    NOT NULL,
                retired           INTEGER NOT NULL,
                version           INTEGER NOT NULL);
            CREATE INDEX genres_by_folded ON genres (folded);
            CREATE INDEX genres_unfinished ON genres (unfinished_since) WHERE unfinished_since IS NOT NULL;
            """,
        ],
    };
}
