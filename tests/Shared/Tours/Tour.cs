using System.Diagnostics;
using System.Text;

namespace Lms.Tests.Shared;

// A test project is called Process, too.
using Process = System.Diagnostics.Process;

/// <summary>One command of the tour, as a reader would type it, and what must be found in its output.</summary>
internal sealed record Step(string Command, IReadOnlyList<string> Expected);

/// <summary>What a step came to.</summary>
internal sealed record StepResult(Step Step, int ExitCode, string Output)
{
    /// <summary>Throws unless the command succeeded and said what is claimed.</summary>
    public void Judge()
    {
        Assert.True(ExitCode == 0, $"Failed with {ExitCode}: {Step.Command}\n{Output}");
        Assert.All(Step.Expected, expected => Assert.True(
            Output.Contains(expected, StringComparison.Ordinal),
            $"'{expected}' is not in the output of: {Step.Command}\n{Output}"));
    }
}

/// <summary>
/// The shell commands of a document between <c>&lt;!-- NAME --&gt;</c> and <c>&lt;!-- /NAME --&gt;</c>. A line
/// <c># -&gt; TEXT</c> claims that TEXT is in the output of the command before it.
/// </summary>
internal sealed record Tour(IReadOnlyList<Step> Steps)
{
    private const string Claim = "# -> ";
    private const string Marker = "lms-tour-step";

    public static Tour Of(string document, string name)
    {
        var lines = Between(document.ReplaceLineEndings("\n").Split('\n'), name);
        var steps = new List<Step>();
        var command = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith(Claim, StringComparison.Ordinal))
            {
                Finish();
                if (steps.Count == 0)
                {
                    throw new FormatException($"'{line}' follows no command.");
                }

                steps[^1] = steps[^1] with { Expected = [.. steps[^1].Expected, line[Claim.Length..].Trim()] };
            }
            else if (line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'))
            {
                command.Add(line);
                if (IsComplete(command))
                {
                    Finish();
                }
            }
        }

        Finish();
        return new Tour(steps);

        void Finish()
        {
            if (command.Count > 0)
            {
                steps.Add(new Step(string.Join('\n', command), []));
                command.Clear();
            }
        }
    }

    /// <summary>The same tour of a server at another address.</summary>
    public Tour At(Uri url) => new(
    [
        .. Steps.Select(step => step with
        {
            Command = step.Command.Replace(
                "http://localhost:8080", url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal),
        }),
    ]);

    /// <summary>Runs the steps in one shell, which stops at the first that fails.</summary>
    public async Task<IReadOnlyList<StepResult>> RunAsync(string directory, CancellationToken cancellationToken)
    {
        var script = new StringBuilder();
        for (var i = 0; i < Steps.Count; i++)
        {
            script.Append("echo; echo ").Append(Marker).Append(' ').Append(i).Append('\n').Append(Steps[i].Command).Append('\n');
        }

        // Errors are part of what a reader sees.
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", "exec 2>&1; eval \"$(cat)\""])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script, cancellationToken);
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        return [.. Results(output, shell.ExitCode)];
    }

    // Only the last step that began can have failed.
    private IEnumerable<StepResult> Results(string output, int exitCode)
    {
        var parts = output.Split($"\n{Marker} ")[1..];
        for (var i = 0; i < Steps.Count; i++)
        {
            yield return i < parts.Length
                ? new(Steps[i], i == parts.Length - 1 ? exitCode : 0, parts[i].Split('\n', 2)[1])
                : new(Steps[i], -1, "It was never reached.");
        }
    }

    private static List<string> Between(string[] document, string name)
    {
        var lines = new List<string>();
        var (isTour, isShell) = (false, false);
        foreach (var line in document)
        {
            switch (line.Trim())
            {
                case var mark when mark == $"<!-- {name} -->":
                    isTour = true;
                    break;
                case var mark when mark == $"<!-- /{name} -->":
                    isTour = false;
                    break;
                case "```sh" when isTour:
                    isShell = true;
                    break;
                case "```":
                    isShell = false;
                    break;
                default:
                    if (isTour && isShell)
                    {
                        lines.Add(line);
                    }

                    break;
            }
        }

        return lines;
    }

    // A backslash goes on with the command, and so does a quotation that is still open.
    private static bool IsComplete(List<string> lines) =>
        !lines[^1].EndsWith('\\') && !HasOpenQuotation(string.Join('\n', lines));

    private static bool HasOpenQuotation(string text)
    {
        char? open = null;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when open != '\'':
                    i++;
                    break;
                case '\'' or '"' when open is null:
                    open = text[i];
                    break;
                case var mark when mark == open:
                    open = null;
                    break;
            }
        }

        return open is not null;
    }
}
