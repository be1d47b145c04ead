using System.Text.Json;
using Lms.Grains.Abstractions;
using Microsoft.Data.Sqlite;

namespace Lms.Process.Tests.Imports;

/// <summary>What <c>grains.db</c> of a running server holds of imports, read past the server.</summary>
internal sealed record ImportStorage(IReadOnlyList<string> Authors, int Books, int LocalBooks, int LocalNumbers)
{
    public static ImportStorage Read(string data)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(data, "grains.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        var books = States(connection, "book", "Book").Select(book => book.Text("Isbn")!).ToList();
        return new(
            [.. States(connection, "author", "Author").Select(author => Folding.Fold(author.Text("Name")!)).Order(StringComparer.Ordinal)],
            books.Count,
            books.Count(isbn => isbn[0] == '2'),
            States(connection, "local-number", "Number").Select(number => number.GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    private static IEnumerable<JsonElement> States(SqliteConnection connection, string state, string member)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT PayloadBinary FROM OrleansStorage WHERE GrainTypeString = @state AND PayloadBinary IS NOT NULL";
        command.Parameters.AddWithValue("@state", state);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            using var document = JsonDocument.Parse(reader.GetFieldValue<byte[]>(0));
            if (document.RootElement.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                yield return value.Clone();
            }
        }
    }
}
