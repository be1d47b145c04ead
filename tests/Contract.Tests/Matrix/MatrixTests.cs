using System.Globalization;
using System.Reflection;

namespace Lms.Contract.Tests;

public sealed class RoleTests(LibraryFixture library)
{
    public static TheoryData<string, Role> EveryOperationByEveryRole
    {
        get
        {
            var data = new TheoryData<string, Role>();
            foreach (var row in AccessTable.Rows)
            {
                foreach (var role in Enum.GetValues<Role>())
                {
                    data.Add(row.Operation, role);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryOperationByEveryRole))]
    public async Task Every_operation_answers_each_role_as_the_contract_says(string operation, Role role)
    {
        var row = AccessTable.Find(operation);
        var scene = new Scene(library, role);

        var answer = await row.SendAsync(scene);

        if (row.Expected(role) is 401 or 403)
        {
            Expect.Refused(row.Expected(role), answer);
        }
        else
        {
            Expect.Status(row.Expected(role), answer);
        }
    }

    [Theory]
    [InlineData("not-a-token")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxLGFkbWluQGdtYWlsLmNvbSIsInJvbGVzIjoiQURNSU4ifQ.")]
    public async Task A_token_that_the_library_did_not_sign_is_refused(string token)
    {
        var caller = library.Anyone.With(token);

        var answer = await caller.GetAsync("/api/authors?name=A");

        Expect.Refused(401, answer);
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_is_refused()
    {
        var parts = (await library.LibrarianAsync()).Token.Split('.');
        var others = (await library.AdminAsync()).Token.Split('.');

        var answer =
            await library.Anyone.With($"{parts[0]}.{others[1]}.{parts[2]}").GetAsync("/api/admin/forbidden-words");

        Expect.Refused(401, answer);
    }
}

/// <summary>The suite's own completeness: what the contract and the server name, the suite tries.</summary>
public sealed class MatrixTests(LibraryFixture library)
{
    [Fact]
    public void The_contract_has_47_pairs_of_method_and_path()
    {
        var names = Catalogue.OldOperations.Select(operation => operation.Name).ToList();

        Assert.Equal(47, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(47, names.Count);
    }

    [Fact]
    public void Every_operation_of_the_contract_has_a_case_for_every_role()
    {
        var rows = AccessTable.Rows.Select(row => row.Operation).ToList();

        Assert.Equal(
            Catalogue.All.Select(operation => operation.Name).Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
        Assert.All(AccessTable.Rows, row => Assert.Equal(Enum.GetValues<Role>().Length, row.ByRole.Length));
    }

    [Fact]
    public void The_cases_admit_exactly_the_roles_that_the_contract_admits()
    {
        foreach (var operation in Catalogue.All.Where(operation => !operation.IsPublic))
        {
            var row = AccessTable.Find(operation.Name);

            Assert.Equal(401, row.Expected(Role.None));
            Assert.Equal(
                operation.Roles,
                [.. Enum.GetValues<Role>().Where(role => row.Expected(role) is not (401 or 403))]);
        }
    }

    [Fact]
    public void Every_status_that_the_contract_names_has_a_case()
    {
        var covered = CoveredByTests().ToHashSet();

        var missing = Catalogue.All
            .SelectMany(operation => operation.Statuses.Select(status => (operation.Name, status)))
            .Where(pair => !covered.Contains(pair));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_case_is_about_an_operation_of_the_contract()
    {
        var known = Catalogue.All.Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(CoveredByTests(), pair => !known.Contains(pair.Operation));
    }

    [Fact]
    public async Task Every_documented_operation_has_a_case_for_every_role()
    {
        var documented = await DocumentedAsync();
        var known = AccessTable.Rows.Select(row => row.Operation).ToHashSet(StringComparer.Ordinal);

        // HEAD stands beside GET and is tried where its GET is.
        var missing = documented.Keys.Where(name => !known.Contains(
            name.StartsWith("HEAD ", StringComparison.Ordinal) ? $"GET {name[5..]}" : name));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_old_operation_is_documented()
    {
        var documented = await DocumentedAsync();

        var missing =
            Catalogue.OldOperations.Select(operation => operation.Name).Where(name => !documented.ContainsKey(name));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_status_that_the_contract_names_is_documented()
    {
        var documented = await DocumentedAsync();

        var missing = Catalogue.All.Where(operation => documented.ContainsKey(operation.Name))
            .SelectMany(operation => operation.Statuses.Select(status => (operation.Name, status)))
            .Where(pair => !documented[pair.Name].Contains(pair.status.ToString(CultureInfo.InvariantCulture)));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_operation_that_needs_a_role_documents_401_and_403()
    {
        var documented = await DocumentedAsync();

        var missing = Catalogue.All.Where(operation => !operation.IsPublic && documented.ContainsKey(operation.Name))
            .Where(operation => !documented[operation.Name].IsSupersetOf(["401", "403"]));

        Assert.Empty(missing.Select(operation => operation.Name));
    }

    private static IEnumerable<(string Operation, int Status)> CoveredByTests()
    {
        var attributes = typeof(MatrixTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<CoversAttribute>())
            .SelectMany(covers => covers.Statuses.Select(status => (covers.Operation, status)));
        return attributes.Concat(AccessTable.Rows.SelectMany(row => row.ByRole
            .Where(status => status is not (401 or 403)).Select(status => (row.Operation, status))));
    }

    private async Task<IReadOnlyDictionary<string, HashSet<string>>> DocumentedAsync()
    {
        var document = Expect.Status(200, await library.Anyone.GetAsync("/api-docs")).Json;
        string[] methods = ["get", "head", "put", "post", "patch", "delete", "options", "trace"];
        return document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Where(method => methods.Contains(method.Name, StringComparer.Ordinal))
                .Select(method => (Name: Catalogue.Normalise(method.Name, path.Name), method.Value)))
            .ToDictionary(
                operation => operation.Name,
                operation => operation.Value.GetProperty("responses").EnumerateObject()
                    .Select(response => response.Name).ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal);
    }
}
