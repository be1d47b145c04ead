using System.Data.Common;
using Lms.ReadModel.Books;

namespace Lms.ReadModel.Infrastructure;

/// <summary>What differs between databases. Everything else is the same SQL.</summary>
internal abstract class SqlDialect
{
    public static readonly SqlDialect Sqlite = new SqliteDialect();

    public static readonly SqlDialect Postgres = new PostgresDialect();

    public abstract string TableNames { get; }

    public abstract BookIndex BookIndex { get; }

    /// <summary>Held until the end of the transaction that migrates; null when transactions that write exclude each other.</summary>
    public virtual string? MigrationLock => null;

    /// <summary>Runs at the end of every migration, and may be repeated.</summary>
    public virtual string? AfterMigration => null;

    /// <summary>The text of a migration, which is written for SQLite, for this database.</summary>
    public virtual string Schema(string migration) => migration;

    /// <summary>Runs first in a transaction that writes rows of these states; null when nothing has to.</summary>
    public virtual string? LockFor(IReadOnlyCollection<string> states) => null;

    /// <summary>True when the database gave the transaction up for another one, and would accept it again.</summary>
    public virtual bool IsWorthRepeating(DbException exception) => false;
}
