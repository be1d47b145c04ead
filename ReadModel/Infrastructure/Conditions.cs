using Dapper;

namespace Lms.ReadModel.Infrastructure;

/// <summary>
/// The part of a WHERE that depends on what the caller gave: a condition on null is left out. It is put together
/// instead of written as "@p IS NULL OR ...", because databases use no index for that.
/// </summary>
internal sealed class Conditions
{
    private readonly List<string> texts = [];

    public DynamicParameters Parameters { get; } = new();

    public bool AreNone => texts.Count == 0;

    /// <summary>All of them hold; true when there are none.</summary>
    public string All => AreNone ? "1 = 1" : string.Join(" AND ", texts);

    /// <summary>One of them holds; true when there are none.</summary>
    public string Any => AreNone ? "1 = 1" : $"({string.Join(" OR ", texts)})";

    public Conditions Is(string column, object? value) => Compare(column, "=", value);

    /// <inheritdoc cref="StartsWith(string, string?, Func{string, string})"/>
    public Conditions Is(string column, object? value, Func<string, string> within) =>
        value is null ? this : Add(within($"{column} = {Parameter(value)}"));

    /// <summary>One parameter for each value: databases do not agree on how to pass a list.</summary>
    public Conditions IsOneOf(string column, IEnumerable<object> values) =>
        Add($"{column} IN ({string.Join(", ", values.Select(Parameter))})");

    public Conditions AtLeast(string column, object? value) => Compare(column, ">=", value);

    public Conditions AtMost(string column, object? value) => Compare(column, "<=", value);

    public Conditions Contains(string column, string? folded) =>
        folded is null ? this : Add($@"{column} LIKE {Parameter($"%{Escaped(folded)}%")} ESCAPE '\'");

    public Conditions StartsWith(string column, string? folded) => StartsWith(column, folded, text => text);

    /// <summary>For a column of another table: <paramref name="within"/> puts the comparison into a subquery.</summary>
    public Conditions StartsWith(string column, string? folded, Func<string, string> within) => folded switch
    {
        null => this,
        _ when Prefix.End(folded) is { } end =>
            Add(within($"{column} >= {Parameter(folded)} AND {column} < {Parameter(end)}")),
        _ => Add(within($"{column} >= {Parameter(folded)}")),
    };

    public Conditions Add(string? text)
    {
        if (text is not null)
        {
            texts.Add($"({text})");
        }

        return this;
    }

    private Conditions Compare(string column, string sign, object? value) =>
        value is null ? this : Add($"{column} {sign} {Parameter(value)}");

    private string Parameter(object value)
    {
        var name = $"@c{Parameters.ParameterNames.Count()}";
        Parameters.Add(name, value);
        return name;
    }

    private static string Escaped(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
}

/// <summary>SQL with its parameters.</summary>
internal sealed record Statement(string Sql, object Parameters);
