namespace Lms.Process.Tests.Tours;

/// <summary>The tour in the README works as it stands there.</summary>
[Collection(Alone.Name)]
public sealed class TourTests
{
    private const string Name = "tour";

    private const string Sample =
        """
        Some words, and a block outside of the tour:

        ```sh
        exit 1
        ```

        <!-- tour -->
        Words.

        ```sh
        greeting=hello
        # A remark.
        printf '%s ' "$greeting" \
          world
        # -> hello world
        # -> hello
        ```

        ```json
        {"not": "a command"}
        ```

        ```sh
        echo '{
          "of": "http://localhost:8080/api"
        }'
        # -> 8080
        ```
        <!-- /tour -->

        ```sh
        exit 2
        ```
        """;

    [Fact]
    public void A_tour_is_the_commands_between_the_marks()
    {
        var steps = Tour.Of(Sample, Name).Steps;

        Assert.Equal(
            ["greeting=hello", "printf '%s ' \"$greeting\" \\\n  world", "echo '{\n  \"of\": \"http://localhost:8080/api\"\n}'"],
            steps.Select(step => step.Command));
        Assert.Equal([[], ["hello world", "hello"], ["8080"]], steps.Select(step => step.Expected));
    }

    [Fact]
    public async Task A_tours_steps_share_one_shell()
    {
        var results = await RunAsync(Tour.Of(Sample, Name).At(new Uri("http://127.0.0.1:18080")));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        Assert.Contains("hello world", results[1].Output, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:18080/api", results[2].Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("false | true")]
    [InlineData("echo $nobody_set_this")]
    public async Task A_tour_ends_at_the_first_command_that_fails(string command)
    {
        var tour = Tour.Of($"<!-- tour -->\n```sh\ntrue\n{command}\ntrue\n```\n<!-- /tour -->", Name);

        var results = await RunAsync(tour);

        Assert.Equal(0, results[0].ExitCode);
        Assert.True(results[1].ExitCode > 0);
        Assert.Equal(-1, results[2].ExitCode);
    }

    [Fact]
    public async Task The_readme_shows_what_happens()
    {
        var readme = Path.Combine(Repository.Root, "README.md");
        var tour = Tour.Of(await File.ReadAllTextAsync(readme, TestContext.Current.CancellationToken), Name);
        Assert.NotEmpty(tour.Steps);
        await using var server = await ServerProcess.StartAsync(new() { Demo = true });

        foreach (var result in await RunAsync(tour.At(server.Url)))
        {
            result.Judge();
        }
    }

    private static async Task<IReadOnlyList<StepResult>> RunAsync(Tour tour)
    {
        using var home = new TempDirectory();
        return await tour.RunAsync(home.Path, TestContext.Current.CancellationToken);
    }
}
