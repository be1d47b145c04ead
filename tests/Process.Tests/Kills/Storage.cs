using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Lms.Process.Tests.Kills;

/// <summary>What <c>grains.db</c> says of lendings, read past the server.</summary>
internal sealed class Storage
{
    private static readonly string[] Files = ["grains.db", "grains.db-wal"];

    private Storage(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        Entries = [.. Rows(connection, "account").SelectMany(row => row.State.GetProperty(nameof(Entries)).EnumerateArray()
            .Select(entry => new Entry(row.Key, entry.Text("Number")!)))];
        Lendings = Rows(connection, "lending").ToDictionary(
            row => row.Key, row => Lending.Of(row.State), StringComparer.Ordinal);
        Copies =
        [
            .. Rows(connection, "copy").Select(row => row.State.GetProperty("Copy"))
                .Where(copy => copy.ValueKind == JsonValueKind.Object && Optional(copy, "Lending") is not null)
                .Select(copy => new TakenCopy(copy.Text("Barcode")!, copy.Text("Lending")!)),
        ];
        Readers =
        [
            .. Rows(connection, "reader").Where(row => row.State.TryGetProperty("Reader", out var reader)
                    && reader.ValueKind == JsonValueKind.Object)
                .Select(row => (row.Key, row.State.GetProperty("Reader").Text("Username")!)),
        ];
        Sequences = Rows(connection, "sequence").ToDictionary(
            row => row.Key, row => row.State.GetProperty("Reserved").GetInt32(), StringComparer.Ordinal);
        IsDemoComplete = Rows(connection, "demo").Select(row => (bool?)row.State.GetProperty("IsComplete").GetBoolean())
            .FirstOrDefault();
    }

    /// <summary>What every account counts.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public IReadOnlyDictionary<string, Lending> Lendings { get; }

    /// <summary>The copies that are not on the shelf.</summary>
    public IReadOnlyList<TakenCopy> Copies { get; }

    public IReadOnlyList<(string Number, string Username)> Readers { get; }

    /// <summary>The highest number each sequence may have given out.</summary>
    public IReadOnlyDictionary<string, int> Sequences { get; }

    /// <summary>Whether the demo library is loaded; null if nobody began to.</summary>
    public bool? IsDemoComplete { get; }

    public IEnumerable<string> Active => Lendings.Where(lending => lending.Value.IsActive).Select(lending => lending.Key);

    /// <summary>Numbers that are counted, or have a copy, and are no lending yet.</summary>
    public IEnumerable<string> UnfinishedLendings => Entries.Select(entry => entry.Number)
        .Concat(Copies.Select(copy => copy.Lending))
        .Where(number => !Lendings.ContainsKey(number))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Numbers that are returned, and are counted or have a copy still.</summary>
    public IEnumerable<string> UnfinishedReturns => Entries.Select(entry => entry.Number)
        .Concat(Copies.Select(copy => copy.Lending))
        .Where(number => Lendings.TryGetValue(number, out var lending) && lending is { IsActive: false, IsVoid: false })
        .Distinct(StringComparer.Ordinal);

    /// <summary>Reads the file of a running server.</summary>
    public static Storage Read(string data) => new(Path.Combine(data, "grains.db"));

    /// <summary>Reads a copy, so that the server that starts next finds what the killed one left.</summary>
    public static Storage ReadCopy(string data)
    {
        using var copy = new TempDirectory();
        foreach (var name in Files.Where(name => File.Exists(Path.Combine(data, name))))
        {
            File.Copy(Path.Combine(data, name), Path.Combine(copy.Path, name));
        }

        return Read(copy.Path);
    }

    /// <summary>What must hold at every instant; answers what does not.</summary>
    public IEnumerable<string> Violations()
    {
        foreach (var reader in Entries.GroupBy(entry => entry.Reader).Where(entries => entries.Count() > 3))
        {
            yield return $"Reader {reader.Key} has {reader.Count()} lendings in the account.";
        }

        foreach (var reader in Lendings.Values.Where(lending => lending.IsActive)
            .GroupBy(lending => lending.Reader).Where(lendings => lendings.Count() > 3))
        {
            yield return $"Reader {reader.Key} has {reader.Count()} lendings.";
        }

        foreach (var copy in Lendings.Where(lending => lending.Value is { IsActive: true, Barcode: not null })
            .GroupBy(lending => lending.Value.Barcode).Where(lendings => lendings.Count() > 1))
        {
            yield return $"Copy {copy.Key} is lent as {string.Join(" and ", copy.Select(lending => lending.Key))}.";
        }

        foreach (var twice in Lendings.Values.Where(lending => !lending.IsVoid).GroupBy(lending => lending.LentBy)
            .Where(lendings => lendings.Count() > 1))
        {
            yield return $"One request lent {twice.Count()} times.";
        }
    }

    /// <summary>What must hold once nothing is unfinished; answers what does not.</summary>
    public IEnumerable<string> Disagreements()
    {
        var active = Active.ToHashSet(StringComparer.Ordinal);
        var counted = Entries.Select(entry => entry.Number).ToList();
        if (counted.Count != active.Count || !active.SetEquals(counted))
        {
            yield return $"Counted, not lent: {Text(counted.Except(active))}. Lent, not counted: {Text(active.Except(counted))}.";
        }

        var withCopy = Lendings.Where(lending => lending.Value is { IsActive: true, Barcode: not null })
            .Select(lending => new TakenCopy(lending.Value.Barcode!, lending.Key)).ToList();
        if (withCopy.Count != Copies.Count || withCopy.Except(Copies).Any())
        {
            yield return $"Taken, not lent: {Text(Copies.Except(withCopy))}. Lent, not taken: {Text(withCopy.Except(Copies))}.";
        }
    }

    private static string Text<T>(IEnumerable<T> items) => string.Join(", ", items);

    private static List<(string Key, JsonElement State)> Rows(SqliteConnection connection, string state)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT GrainIdExtensionString, PayloadBinary FROM OrleansStorage
            WHERE GrainTypeString = @state AND PayloadBinary IS NOT NULL
            """;
        command.Parameters.AddWithValue("@state", state);
        using var reader = command.ExecuteReader();
        var rows = new List<(string, JsonElement)>();
        while (reader.Read())
        {
            var key = reader.GetString(0);
            using var document = JsonDocument.Parse(reader.GetFieldValue<byte[]>(1));
            rows.Add((key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..], document.RootElement.Clone()));
        }

        return rows;
    }

    private static string? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal sealed record Entry(string Reader, string Number);

    internal sealed record TakenCopy(string Barcode, string Lending);

    internal sealed record Lending(string Reader, string? Barcode, bool IsVoid, bool IsReturned, string LentBy)
    {
        public bool IsActive => !IsVoid && !IsReturned;

        public static Lending Of(JsonElement state) =>
            state.TryGetProperty("Lending", out var lending) && lending.ValueKind == JsonValueKind.Object
                ? new(
                    lending.Text("Reader")!,
                    Optional(lending, "Barcode"),
                    IsVoid: false,
                    Optional(lending, "ReturnedOn") is not null,
                    state.Text("LentBy")!)
                : new("", Barcode: null, IsVoid: true, IsReturned: false, "");
    }
}
