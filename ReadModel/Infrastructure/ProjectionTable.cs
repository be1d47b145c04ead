namespace Lms.ReadModel.Infrastructure;

/// <summary>Where the rows of one state are kept, and how they get there.</summary>
internal abstract class ProjectionTable(string state, string name, int schema)
{
    public string State { get; } = state;

    public string Name { get; } = name;

    /// <summary>
    /// Raise it when the columns of a state are computed differently: rows with a lower number are made anew.
    /// </summary>
    public int Schema { get; } = schema;

    /// <summary>The n-th text leads from version n - 1 to version n. A released text never changes.</summary>
    public required IReadOnlyList<string> Migrations { get; init; }

    public abstract IReadOnlyList<string> ChildNames { get; }

    /// <summary>Tables that nothing but what <see cref="ProjectionTable{TRow}.Afterwards"/> runs writes to.</summary>
    public IReadOnlyList<string> DerivedNames { get; init; } = [];

    public IEnumerable<string> Names => [Name, .. ChildNames, .. DerivedNames];

    /// <summary>Writes those rows that are newer than what is stored. Each state is there once.</summary>
    public abstract Task WriteAsync(
        IReadOnlyList<Projection> rows, RowStatements statements, SqlDialect dialect, CancellationToken cancellationToken);
}

internal sealed record Column<TRow>(string Name, Func<TRow, object?> Value);

/// <summary>Rows that belong to a row and are replaced with it.</summary>
internal sealed record ChildTable<TRow>(
    string Name,
    string ParentColumn,
    Func<TRow, object> Parent,
    IReadOnlyList<string> Columns,
    Func<TRow, IEnumerable<object?[]>> Rows);

/// <summary>
/// A statement that follows the writing of a row and its children, in their transaction; not when the row was left
/// alone. Its only parameter is @p0.
/// </summary>
internal sealed record Afterwards<TRow>(Func<SqlDialect, string> Sql, Func<TRow, object> Parameter);

internal sealed class ProjectionTable<TRow>(string state, string name, int schema)
    : ProjectionTable(state, name, schema)
    where TRow : Projection
{
    private IReadOnlyList<Column<TRow>> Common =>
    [
        new("grain_key", row => row.Key),
        new("row_version", row => row.RowVersion),
        new("projection_schema", _ => Schema),
        new("unfinished_since", row => row.UnfinishedSince),
    ];

    public required IReadOnlyList<Column<TRow>> Columns { get; init; }

    public IReadOnlyList<ChildTable<TRow>> Children { get; init; } = [];

    /// <summary>In this order: for what is made from rows of several tables.</summary>
    public IReadOnlyList<Afterwards<TRow>> Afterwards { get; init; } = [];

    public override IReadOnlyList<string> ChildNames => [.. Children.Select(child => child.Name)];

    public override async Task WriteAsync(
        IReadOnlyList<Projection> rows, RowStatements statements, SqlDialect dialect, CancellationToken cancellationToken)
    {
        IReadOnlyList<Column<TRow>> columns = [.. Common, .. Columns];
        var upsert = Upsert(columns);
        var written = await statements.RunAsync(
            [.. rows.Cast<TRow>().Select(row => new RowStatement(upsert, [.. columns.Select(column => column.Value(row))]))], cancellationToken);

        // Where nothing was written, what is stored is as new: its children are too.
        var children = Children.Select(child => (Table: child, Delete: Delete(child), Insert: Insert(child))).ToList();
        var afterwards = Afterwards.Select(after => (after.Parameter, Sql: after.Sql(dialect))).ToList();
        await statements.RunAsync(
            [.. rows.Cast<TRow>().Zip(written).Where(row => row.Second > 0).SelectMany(row => Following(row.First))], cancellationToken);

        IEnumerable<RowStatement> Following(TRow row) =>
        [
            .. children.SelectMany(child => (IEnumerable<RowStatement>)
            [
                new(child.Delete, [child.Table.Parent(row)]),
                .. child.Table.Rows(row).Select(values => new RowStatement(child.Insert, [child.Table.Parent(row), .. values])),
            ]),
            .. afterwards.Select(after => new RowStatement(after.Sql, [after.Parameter(row)])),
        ];
    }

    private string Upsert(IReadOnlyList<Column<TRow>> columns) =>
        $"""
        INSERT INTO {Name} ({string.Join(", ", columns.Select(column => column.Name))})
        VALUES ({Parameters(columns.Count)})
        ON CONFLICT (grain_key) DO UPDATE
        SET {string.Join(", ", columns.Skip(1).Select(column => $"{column.Name} = excluded.{column.Name}"))}
        WHERE {Name}.projection_schema < excluded.projection_schema
           OR ({Name}.projection_schema = excluded.projection_schema AND {Name}.row_version < excluded.row_version)
        """;

    private static string Delete(ChildTable<TRow> child) =>
        $"DELETE FROM {child.Name} WHERE {child.ParentColumn} = @p0";

    private static string Insert(ChildTable<TRow> child) =>
        $"""
        INSERT INTO {child.Name} ({child.ParentColumn}, {string.Join(", ", child.Columns)})
        VALUES ({Parameters(child.Columns.Count + 1)})
        """;

    private static string Parameters(int count) =>
        string.Join(", ", Enumerable.Range(0, count).Select(number => $"@p{number}"));
}
