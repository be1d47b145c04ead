using System.Globalization;
using System.Text.RegularExpressions;

namespace Lms.Contract.Tests;

/// <summary>One operation: "METHOD /path/{}", who may call it, and the statuses the contract names for it.</summary>
internal sealed record Operation(string Name, bool IsPublic, IReadOnlyList<Role> Roles, IReadOnlyList<int> Statuses)
{
    public HttpMethod Method => HttpMethod.Parse(Name.Split(' ')[0]);

    public string Template => Name.Split(' ')[1];

    /// <summary>Its answer never ends, so nobody can wait for the whole of it.</summary>
    public bool IsEndless => Name == "GET /api/changes";

    public Role SomeRole => IsPublic ? Role.None : Roles[0];

    /// <summary>
    /// The path with the values in the places of its parameters, in order; the last one fills the rest.
    /// </summary>
    public string Path(params string[] values)
    {
        var parts = Template.Split("{}");
        return string.Concat(parts.Select((part, index) =>
            index == 0 ? part : values[Math.Min(index, values.Length) - 1] + part));
    }
}

/// <summary>The contract as a table. Names of path parameters are nobody's business, so they are left out.</summary>
internal static partial class Catalogue
{
    // operation | who: anyone or the roles | statuses named, besides 401 and 403 of the role check
    private const string Old =
        """
        POST /api/public/login                            | anyone           | 200 400 401
        POST /api/public/register                         | anyone           | 200 400 403 409
        POST /api/admin/users                             | admin            | 200 400 409
        PUT /api/admin/users/{}                           | admin            | 200 404
        GET /api/admin/users/{}                           | admin            | 200 404
        DELETE /api/admin/users/{}                        | admin            | 200 404
        POST /api/admin/users/search                      | admin            | 200
        POST /api/authors                                 | librarian        | 201 400
        PATCH /api/authors/{}                             | librarian        | 200 400 404 409
        GET /api/authors/{}                               | reader librarian | 200 304 404
        GET /api/authors                                  | reader librarian | 200 400
        GET /api/authors/{}/books                         | reader           | 200 404
        GET /api/authors/{}/coauthors                     | reader           | 200 404
        GET /api/authors/top5                             | reader librarian | 200 404
        GET /api/authors/{}/photo                         | reader librarian | 200 404
        DELETE /api/authors/{}/photo                      | librarian        | 200 403 404
        PUT /api/books/{}                                 | librarian        | 201 400
        PATCH /api/books/{}                               | librarian        | 200 400 409
        GET /api/books/{}                                 | reader librarian | 200 304 404
        GET /api/books                                    | reader librarian | 200 404
        POST /api/books/search                            | reader librarian | 200
        GET /api/books/top5                               | reader librarian | 200
        GET /api/books/suggestions                        | reader           | 200 404
        GET /api/books/{}/avgDuration                     | librarian        | 200 400 404
        GET /api/books/{}/photo                           | reader librarian | 200 404
        DELETE /api/books/{}/photo                        | librarian        | 200 404
        POST /api/readers                                 | anyone           | 201 400 403 404 409
        PATCH /api/readers                                | reader           | 200 400 404 409
        GET /api/readers                                  | reader librarian | 200 304 404
        GET /api/readers/{}/{}                            | librarian        | 200 304 404
        POST /api/readers/search                          | librarian        | 200 404
        GET /api/readers/{}/{}/lendings                   | reader           | 200 403 404
        GET /api/readers/top5                             | librarian        | 200
        GET /api/readers/top5ByGenre                      | librarian        | 200 400 404
        GET /api/readers/{}/{}/photo                      | reader librarian | 200 403 404
        GET /api/readers/photo                            | reader           | 200 404
        DELETE /api/readers/photo                         | reader           | 200 404
        POST /api/lendings                                | librarian        | 201 400 403 404
        GET /api/lendings/{}/{}                           | reader librarian | 200 304 403 404
        PATCH /api/lendings/{}/{}                         | reader           | 200 400 403 404 409
        GET /api/lendings/overdue                         | librarian        | 200 400 404
        GET /api/lendings/avgDuration                     | librarian        | 200 400
        POST /api/lendings/search                         | librarian        | 200 400
        GET /api/genres/top5                              | librarian        | 200 404
        POST /api/genres/avgLendingsPerGenre              | librarian        | 200 400
        GET /api/genres/lendingsPerMonthLastTwelveMonths  | librarian        | 200 404
        GET /api/genres/lendingsAverageDurationPerMonth   | librarian        | 200 400 404
        """;

    private const string New =
        """
        GET /api/genres                                   | reader librarian | 200
        POST /api/genres                                  | librarian        | 201 400 409
        PATCH /api/genres/{}                              | librarian        | 200 404 409 428
        DELETE /api/genres/{}                             | librarian        | 204 404 409
        GET /api/books/full-text                          | reader librarian | 200 400
        POST /api/books/complete                          | librarian        | 201 400 404 409
        GET /api/books/{}/copies                          | reader librarian | 200
        POST /api/books/{}/copies                         | librarian        | 201 400 404 409
        GET /api/copies/{}                                | reader librarian | 200 404
        PATCH /api/copies/{}                              | librarian        | 200 404 409 428
        DELETE /api/copies/{}                             | librarian        | 204 404 409
        POST /api/returns                                 | librarian        | 200 400 404 409
        GET /api/returns/review                           | librarian        | 200 400
        POST /api/returns/review/{}                       | librarian        | 400 404
        GET /api/operations/{}                            | librarian        | 404
        GET /api/readers/{}/{}/lendings/monthly           | reader librarian | 200 400 403
        POST /api/imports                                 | librarian        | 202 400 413 415 422
        GET /api/imports                                  | librarian        | 200 400
        GET /api/imports/{}                               | librarian        | 200 404
        DELETE /api/imports/{}                            | librarian        | 200 404 409
        POST /api/imports/{}/pause                        | librarian        | 200 404 409
        POST /api/imports/{}/resume                       | librarian        | 200 404 409
        GET /api/imports/{}/failures                      | librarian        | 200 400 404
        GET /api/exports/books                            | librarian        | 200 400
        GET /api/changes                                  | librarian admin  | 200 400
        GET /api/admin/forbidden-words                    | admin            | 200
        PUT /api/admin/forbidden-words                    | admin            | 200 400
        GET /api/admin/maintenance                        | admin            | 200
        PUT /api/admin/maintenance                        | admin            | 200 400
        POST /api/public/bootstrap                        | anyone           | 409
        GET /api/admin/keys                               | admin            | 200
        POST /api/admin/keys/rotations                    | admin            | 200
        DELETE /api/admin/keys/{}                         | admin            | 204 404
        GET /api/admin/breakers                           | admin            | 200
        PUT /api/admin/breakers/{}/{}                     | admin            | 200 400 404
        GET /status                                       | anyone           | 200
        GET /status.json                                  | anyone           | 200
        GET /health/live                                  | anyone           | 200
        GET /health/ready                                 | anyone           | 200
        GET /health/startup                               | anyone           | 200
        GET /.well-known/jwks.json                        | anyone           | 200
        """;

    public static IReadOnlyList<Operation> OldOperations { get; } = Parse(Old);

    public static IReadOnlyList<Operation> NewOperations { get; } = Parse(New);

    public static IReadOnlyList<Operation> All { get; } = [.. OldOperations, .. NewOperations];

    public static Operation Find(string name) => All.Single(operation => operation.Name == name);

    /// <summary>"get /api/lendings/{year}/{sequence}/" is "GET /api/lendings/{}/{}".</summary>
    public static string Normalise(string method, string path) =>
        $"{method.ToUpperInvariant()} {Parameter().Replace(path, "{}").TrimEnd('/')}";

    private static List<Operation> Parse(string table) =>
    [
        .. table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new Operation(
            cells[0],
            cells[1] == "anyone",
            cells[1] == "anyone"
                ? []
                : [.. cells[1].Split(' ').Select(role => Enum.Parse<Role>(role, ignoreCase: true))],
            [.. cells[2].Split(' ').Select(status => int.Parse(status, CultureInfo.InvariantCulture))])),
    ];

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1_000)]
    private static partial Regex Parameter();
}
