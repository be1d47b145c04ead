using System.Collections.Concurrent;
using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Tests.Shared;
using Xunit.Sdk;

namespace Lms.Cluster.Tests.Degraded;

/// <summary>
/// Walks docs/degraded-mode.md: takes away what each column says, asks every operation, and compares. With LMS_UPDATE_DEGRADED=1 the
/// document is written instead, for a person to read.
/// </summary>
public sealed class DegradedModeTests : IDisposable
{
    public const string Catalogue = "silo-1";
    public const string Books = "silo-2";
    public const string Desk = "silo-3";
    public const string Readers = "silo-4";
    public const string Users = "silo-5";

    private const int AtOnce = 6;

    /// <summary>Requests that the gateway has room for which is to be overloaded.</summary>
    private const int RoomOfOverloaded = 20;

    /// <summary>Times that a read is asked again; half a second each.</summary>
    private const int Patience = 6;

    private static readonly string[] s_reads = ["Get", "Find", "List", "Search", "SignIn"];

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>The services of each silo, where every service has one of its own.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Pools { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [Catalogue] = ["authors", "genres"],
            [Books] = ["books"],
            [Desk] = ["copies", "lendings"],
            [Readers] = ["readers"],
            [Users] = ["users"],
        };

    private static bool IsWriting => Environment.GetEnvironmentVariable("LMS_UPDATE_DEGRADED") == "1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public void The_document_knows_every_operation_and_promises_what_it_must()
    {
        var cells = DegradedTable.Read();

        Assert.Equal(Operations.Tags.Keys.Order(StringComparer.Ordinal), Operations.All.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            Operations.All.Keys.Order(StringComparer.Ordinal),
            cells.Keys.Select(cell => cell.Operation).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(
            cells,
            cell => Assert.Contains(
                cell.Value,
                cell.Key.Column == "its pool down" && Operations.PoolOf(cell.Key.Operation) is null
                    ? (string[])["–"]
                    : ["full", "stale", "read-model", "202", "503", "429"]));
        foreach (var operation in (string[])["GetBook", "GetAuthor", "GetPhotoOfBook", "GetPhotoOfAuthor"])
        {
            Assert.All(DegradedTable.Columns.Except(["overload"]), column => Assert.NotEqual("503", cells[(operation, column)]));
        }

        string[] lists =
        [
            "FindBooks", "SearchBooks", "FindBooksByText", "FindAuthors", "ListGenres", "SearchReaders", "GetLendingsOfReader", "GetMonthlyLendings",
        ];
        foreach (var operation in lists)
        {
            Assert.All(
                DegradedTable.Columns.Except(["overload", "PostgreSQL down"]), column => Assert.NotEqual("503", cells[(operation, column)]));
        }
    }

    [Fact]
    public async Task What_is_answered_while_silos_and_servers_are_away()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new()
        {
            Directory = folder,
            Silos = 3,
            Demo = true,
            EnvironmentOf = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
            {
                // So many and no more: what overload is like can be had by holding them.
                ["gateway-2"] = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Lms__Overload__MinRequests"] = RoomOfOverloaded.ToString(CultureInfo.InvariantCulture),
                    ["Lms__Overload__MaxRequests"] = RoomOfOverloaded.ToString(CultureInfo.InvariantCulture),
                    ["Lms__Overload__PlaceTime"] = "01:00:00",
                    ["Lms__Overload__Wait"] = "00:00:00.1",
                },
            },
        }))
        {
            await WalkAsync(cluster, "one silo down", cluster.Silos[^1].KillAsync);
            await WalkAsync(cluster, "all silos down", () => Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync())));
            await WalkAsync(cluster, "PostgreSQL down", cluster.Postgres.StopImmediatelyAsync);
            await WalkAsync(cluster, "cache Redis down", cluster.Cache!.KillAsync);
            await WalkAsync(cluster, "both Redis down", () => Task.WhenAll(cluster.Cache!.KillAsync(), cluster.Membership.KillAsync()));

            var scene = await PrepareAsync(cluster, cluster.Urls[1]);
            await using (await HeldRequests.HoldAsync(cluster.Urls[1], RoomOfOverloaded - 1))
            {
                await JudgeAsync("overload", scene, [.. Operations.All.Keys.Where(IsAsked)], atOnce: 1, patience: 0);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_answered_while_the_silos_of_a_service_are_away()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new()
        {
            Directory = folder,
            Silos = Pools.Count,
            Demo = true,
            ServicesOf = Pools,
            StrictServices = [.. Pools.Values.SelectMany(services => services)],
        }))
        {
            foreach (var pool in Pools.Keys)
            {
                await WalkAsync(
                    cluster, "its pool down", cluster[pool].KillAsync, [.. Operations.All.Keys.Where(name => Operations.PoolOf(name) == pool)]);
            }

            await WalkAsync(cluster, "Users' pool down", cluster[Users].KillAsync);
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task WalkAsync(LocalCluster cluster, string column, Func<Task> takeAwayAsync, IReadOnlyCollection<string>? operations = null)
    {
        var scene = await PrepareAsync(cluster, cluster.Urls[0]);
        await takeAwayAsync();
        await Task.Delay(s_settle, Cancellation);
        await JudgeAsync(column, scene, [.. (operations ?? [.. Operations.All.Keys]).Where(IsAsked)]);
        await MendAsync(cluster);
    }

    private async Task<Scene> PrepareAsync(LocalCluster cluster, Uri gateway)
    {
        var scene = await MadeAsync(cluster, gateway);
        foreach (var operation in Operations.All.Where(operation => IsRead(operation.Key)))
        {
            await operation.Value(scene);
        }

        return scene;
    }

    /// <summary>Silos that have just started may need a moment before all of it can be made.</summary>
    private async Task<Scene> MadeAsync(LocalCluster cluster, Uri gateway)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Scene.PrepareAsync(_http, gateway, ClusterSecrets.AdminUsername, cluster.AdminPassword);
            }
            catch (FailException) when (attempt < Patience)
            {
                await Task.Delay(s_settle, Cancellation);
            }
        }
    }

    private static async Task JudgeAsync(string column, Scene scene, IReadOnlyCollection<string> operations, int atOnce = AtOnce, int patience = Patience)
    {
        var promised = DegradedTable.Read();
        var found = new ConcurrentDictionary<(string, string), string>();

        // What fails to write is read from storage again: who only reads does not meet that. And keys are only rotated when none is
        // announced any more.
        foreach (var some in operations.GroupBy(operation => IsRead(operation) ? 0 : operation != "RotateKeys" ? 1 : 2).OrderBy(group => group.Key))
        {
            await BecomesQuietAsync(scene, patience);
            await Parallel.ForEachAsync(
                some,
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = Cancellation },
                async (operation, _) => found[(operation, column)] =
                    await CellAsync(operation, scene, patience, IsWriting ? null : promised.GetValueOrDefault((operation, column))));
        }

        if (IsWriting)
        {
            DegradedTable.Write(found);
            return;
        }

        var lies = found.Where(cell => cell.Value != promised[cell.Key])
            .Select(cell => $"{cell.Key} answers {cell.Value}, although {promised[cell.Key]} is promised");
        Assert.True(!lies.Any(), string.Join('\n', lies));
    }

    /// <summary>Answers to changes tell names, too: whoever has to find the grains of those again had better done so before.</summary>
    private static async Task BecomesQuietAsync(Scene scene, int patience)
    {
        string[] paths = [$"/api/books/{scene.IsbnToChange}", $"/api/books/{scene.IsbnWithPhoto}", $"/api/authors/{scene.AuthorToChange}"];
        for (var again = 0; again < patience; again++)
        {
            var answers = await Task.WhenAll(paths.Select(path => scene.Librarian.GetAsync(path)));
            if (answers.All(answer => answer.Header("Lms-Degraded") is null))
            {
                return;
            }

            await Task.Delay(500, Cancellation);
        }
    }

    /// <summary>What is promised holds once things have settled: reads are asked again until then.</summary>
    private static async Task<string> CellAsync(string operation, Scene scene, int patience, string? promised)
    {
        var cell = CellOf(operation, await Operations.All[operation](scene));
        for (var again = 0; again < patience && IsRead(operation) && cell != promised; again++)
        {
            await Task.Delay(500, Cancellation);
            cell = CellOf(operation, await Operations.All[operation](scene));
        }

        return cell;
    }

    /// <summary>All of them, or those that LMS_DEGRADED_OPERATIONS names.</summary>
    private static bool IsAsked(string operation) =>
        Environment.GetEnvironmentVariable("LMS_DEGRADED_OPERATIONS") is not { Length: > 0 } some
        || some.Split(',').Contains(operation, StringComparer.Ordinal);

    private static bool IsRead(string operation) => s_reads.Any(name => operation.StartsWith(name, StringComparison.Ordinal));

    private static string CellOf(string operation, Answer answer) => answer.Status switch
    {
        var status when Operations.Refused.TryGetValue(operation, out var usual) && status == usual => "full",
        202 when answer.Header("Location")?.Contains("/operations/", StringComparison.Ordinal) == true => "202",
        >= 200 and < 400 when !IsRead(operation) => "full", // it was made; what its answer tells besides may come from elsewhere
        >= 200 and < 400 => answer.Header("Lms-Degraded")?.Split(',')[0] ?? "full",
        503 or 429 when answer.Header("Retry-After") is not null => answer.Status.ToString(CultureInfo.InvariantCulture),
        _ => answer.ToString().ReplaceLineEndings(" ").Replace('|', '/'),
    };

    private static async Task MendAsync(LocalCluster cluster)
    {
        foreach (var process in cluster.Processes.Where(process => !process.IsRunning))
        {
            await process.LaunchAsync(Cancellation);
        }

        await cluster.BecomesReadyAsync(Cancellation);
        await Poll.UntilAsync(
            async () => (await Activations.AskAsync(cluster.Silos, Cancellation))?.Silos.Count == cluster.Silos.Count,
            "all silos are members",
            TimeSpan.FromSeconds(60));
    }
}
