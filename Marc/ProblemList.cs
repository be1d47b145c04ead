using System.Globalization;

namespace Lms.Marc;

/// <summary>The warnings of one record; a record of a thousand defects tells the first few.</summary>
internal sealed class ProblemList
{
    private const int Most = 16;

    private readonly List<MarcProblem> problems = [];
    private int count;

    public void Add(string code, FormattableString detail)
    {
        if (++count <= Most)
        {
            problems.Add(new(code, detail.ToString(CultureInfo.InvariantCulture)));
        }
    }

    public IReadOnlyList<MarcProblem> ToList() => count <= Most
        ? problems
        : [.. problems, new(problems[^1].Code, $"{count - Most} more warnings are left out.")];
}
