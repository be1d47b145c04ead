namespace Lms.ReadModel.Infrastructure;

/// <summary>The few texts that differ between databases.</summary>
internal sealed record SqlDialect(string TableNames)
{
    public static readonly SqlDialect Sqlite = new(TableNames: "SELECT name FROM sqlite_master WHERE type = 'table'");
}
