using System.Data.Common;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Authors;

public sealed record AuthorSummary(long Number, string Name, string Bio, string? Photo, int Version);

public sealed record AuthorLendings(long Number, string Name, long Lendings);

/// <summary>An author and the books written together with the one who was asked about.</summary>
public sealed record CoAuthor(long Number, string Name, IReadOnlyList<BookTitle> Books);

public sealed class AuthorQueries(ReadModelDatabase database)
{
    /// <summary>By name. The empty prefix means every author.</summary>
    public async Task<IReadOnlyList<AuthorSummary>> StartingWithAsync(
        string nameFolded, CancellationToken cancellationToken)
    {
        var statement = StartingWith(nameFolded);
        return await database.QueryAsync(statement.Sql, statement.Parameters, Summary, cancellationToken);
    }

    /// <summary>Null when there is none.</summary>
    public async Task<AuthorSummary?> FindAsync(long number, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "SELECT number, name, bio, photo, version FROM authors WHERE number = @number", new { number }, Summary, cancellationToken)
            is [var author] ? author : null;

    /// <summary>The lowest number of the authors of that name; null when there is none.</summary>
    public async Task<long?> OldestNamedAsync(string nameFolded, CancellationToken cancellationToken)
    {
        var numbers = await database.QueryAsync(
            "SELECT number FROM authors WHERE name_folded = @nameFolded ORDER BY number LIMIT 1",
            new { nameFolded },
            row => row.LongNumber("number"),
            cancellationToken);
        return numbers is [var number] ? number : null;
    }

    /// <summary>The five most lent authors of all time; those with equal counts by name.</summary>
    public async Task<IReadOnlyList<AuthorLendings>> Top5Async(CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT a.number, a.name, CAST(SUM(lent.lendings) AS BIGINT) AS lendings
            FROM (
                SELECT isbn, COUNT(*) AS lendings
                FROM lendings
                WHERE status <> 'void'
                GROUP BY isbn) lent
            JOIN books b ON b.isbn = lent.isbn AND b.is_hidden = 0
            JOIN book_authors ba ON ba.isbn = b.isbn
            JOIN authors a ON a.number = ba.author
            GROUP BY a.number, a.name, a.name_folded
            ORDER BY lendings DESC, a.name_folded, a.number
            LIMIT 5
            """,
            null,
            row => new AuthorLendings(row.LongNumber("number"), row.Text("name"), row.LongNumber("lendings")),
            cancellationToken);

    /// <summary>By name, the books of each by title.</summary>
    public async Task<IReadOnlyList<CoAuthor>> CoAuthorsOfAsync(long number, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            """
            SELECT a.number, a.name, b.isbn, b.isbn_as_given, b.title
            FROM book_authors mine
            JOIN book_authors theirs ON theirs.isbn = mine.isbn AND theirs.author <> mine.author
            JOIN authors a ON a.number = theirs.author
            JOIN books b ON b.isbn = mine.isbn AND b.is_hidden = 0
            WHERE mine.author = @number
            ORDER BY a.name_folded, a.number, b.title_folded, b.isbn
            """,
            new { number },
            row => (Number: row.LongNumber("number"), Name: row.Text("name"), Book: BookQueries.Title(row)),
            cancellationToken);

        return
        [
            .. rows.GroupBy(row => row.Number, (_, of) => of.ToList())
                .Select(of => new CoAuthor(of[0].Number, of[0].Name, [.. of.Select(row => row.Book)])),
        ];
    }

    internal static Statement StartingWith(string nameFolded)
    {
        var conditions = new Conditions().StartsWith("name_folded", nameFolded);
        return new(
            $"""
            SELECT number, name, bio, photo, version
            FROM authors
            WHERE {conditions.All}
            ORDER BY name_folded, number
            """,
            conditions.Parameters);
    }

    private static AuthorSummary Summary(DbDataReader row) => new(
        row.LongNumber("number"), row.Text("name"), row.Text("bio"), row.TextOrNull("photo"), row.Number("version"));
}
