using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Readers;

internal static class ReaderTable
{
    public static readonly ProjectionTable<ReaderRow> Definition = new("reader", "readers", schema: 1)
    {
        Columns =
        [
            new("number", row => row.Number),
            new("year", row => row.Year),
            new("sequence", row => row.Sequence),
            new("user_id", row => row.UserId),
            new("username", row => row.Username),
            new("full_name", row => row.FullName),
            new("full_name_folded", row => row.FullNameFolded),
            new("birth_on", row => row.BirthOn),
            new("phone_number", row => row.PhoneNumber),
            new("gdpr", row => row.Gdpr),
            new("marketing", row => row.Marketing),
            new("third_party", row => row.ThirdParty),
            new("photo", row => row.Photo),
            new("version", row => row.Version),
            new("is_hidden", row => row.IsHidden),
        ],
        Children =
        [
            new("reader_interests", "reader", row => row.Number, ["position", "genre_folded"],
                row => row.Interests.Select((genre, position) => new object?[] { position, genre })),
        ],
        Migrations =
        [
            """
            CREATE TABLE readers (
                grain_key         TEXT    NOT NULL PRIMARY KEY,
                row_version       BIGINT  NOT NULL,
                projection_schema INTEGER NOT NULL,
                unfinished_since  BIGINT,
                number            TEXT    NOT NULL,
                year              INTEGER NOT NULL,
                sequence          INTEGER NOT NULL,
                user_id           BIGINT  NOT NULL,
                username          TEXT    NOT NULL,
                full_name         TEXT    NOT NULL,
                full_name_folded  TEXT    NOT NULL,
                birth_on          INTEGER NOT NULL,
                phone_number      TEXT    NOT NULL,
                gdpr              INTEGER NOT NULL,
                marketing         INTEGER NOT NULL,
                third_party       INTEGER NOT NULL,
                photo             TEXT,
                version           INTEGER NOT NULL,
                is_hidden         INTEGER NOT NULL);
            CREATE INDEX readers_by_number ON readers (number);
            CREATE INDEX readers_by_user ON readers (user_id);
            CREATE INDEX readers_by_username ON readers (username);
            CREATE INDEX readers_by_phone_number ON readers (phone_number);
            CREATE INDEX readers_by_name ON readers (full_name_folded, year, sequence);
            CREATE INDEX readers_unfinished ON readers (unfinished_since) WHERE unfinished_since IS NOT NULL;
            CREATE TABLE reader_interests (
                reader            TEXT    NOT NULL,
                position          INTEGER NOT NULL,
                genre_folded      TEXT    NOT NULL,
                PRIMARY KEY (reader, position));
            """,
        ],
    };
}
