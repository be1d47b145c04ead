using System.Data.Common;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Npgsql;

namespace Lms.ReadModel.Infrastructure;

internal sealed class PostgresDialect : SqlDialect
{
    // Any numbers, as long as nothing else in the database locks by them.
    private const string Migrating = "7310001";
    private const string Indexing = "7310002";

    public override string TableNames => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()";

    public override BookIndex BookIndex { get; } = new PostgresBookIndex();

    public override string MigrationLock => $"SELECT pg_advisory_xact_lock({Migrating})";

    // Only the owner of the database, or of the extension's rights, may create it. Without it what contains a text is
    // found by reading all titles and names, which gives the same answers.
    public override string AfterMigration =>
        """
        DO $$
        BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
        EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
            NULL;
        END $$;
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
                CREATE INDEX IF NOT EXISTS books_in_title ON books USING gin (title_folded gin_trgm_ops);
                CREATE INDEX IF NOT EXISTS books_in_genre ON books USING gin (genre_folded gin_trgm_ops);
                CREATE INDEX IF NOT EXISTS readers_in_name ON readers USING gin (full_name_folded gin_trgm_ops);
                CREATE INDEX IF NOT EXISTS users_in_name ON users USING gin (full_name_folded gin_trgm_ops);
            END IF;
        EXCEPTION WHEN undefined_object THEN
            NULL; -- It is in a schema that is not searched.
        END $$;
        """;

    /// <summary>
    /// Text is compared by its bytes, whatever the database does by default; a number that is a key has 64 bits, as it
    /// has in SQLite; the full-text index is another one. This rule is as unchangeable as the texts it is for.
    /// </summary>
    public override string Schema(string migration) => migration
        .Replace(SqliteBookIndex.CreateTable, PostgresBookIndex.CreateTable, StringComparison.Ordinal)
        .Replace("TEXT", "TEXT COLLATE \"C\"", StringComparison.Ordinal)
        .Replace("INTEGER NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY", StringComparison.Ordinal);

    /// <summary>
    /// The index joins books with names of authors. Would a book and its author be written at once, neither would see
    /// the other, and the book would keep the old name. So those who write authors are alone; books go side by side.
    /// </summary>
    public override string? LockFor(IReadOnlyCollection<string> states) =>
        states.Contains(AuthorTable.Definition.State) ? $"SELECT pg_advisory_xact_lock({Indexing})"
        : states.Contains(BookTable.Definition.State) ? $"SELECT pg_advisory_xact_lock_shared({Indexing})"
        : null;

    public override bool IsWorthRepeating(DbException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };
}
