using Lms.ReadModel.Books;

namespace Lms.ReadModel.Infrastructure;

internal sealed class SqliteDialect : SqlDialect
{
    public override string TableNames => "SELECT name FROM sqlite_master WHERE type = 'table'";

    public override BookIndex BookIndex { get; } = new SqliteBookIndex();
}
