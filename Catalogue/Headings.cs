namespace Lms.Catalogue;

/// <summary>Names of persons as catalogues enter them, turned into names as people write them.</summary>
public static class Headings
{
    /// <summary>What the library allows a name.</summary>
    public const int MaxLength = 150;

    private static readonly string[] s_suffixes = ["jr", "sr", "ii", "iii", "iv", "inc", "ltd", "phd", "md", "esq"];

    /// <summary>"Chabon, Michael" becomes "Michael Chabon"; "King, Martin Luther, Jr." becomes "Martin Luther King, Jr.".</summary>
    public static string Turn(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        var parts = heading.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || IsSuffix(parts[1]))
        {
            return Plain(heading);
        }

        var name = $"{WithoutFullerForm(parts[1])} {parts[0]}".Trim();
        var suffixes = parts.Skip(2).Where(IsSuffix).ToList();
        return Titles.CutTo(suffixes.Count == 0 ? name : $"{name}, {string.Join(", ", suffixes)}", MaxLength);
    }

    /// <summary>A name that is in reading order already.</summary>
    public static string Plain(string heading) => Titles.CutTo(Titles.Trim(heading), MaxLength);

    private static bool IsSuffix(string part) =>
        s_suffixes.Contains(part.Replace(".", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    // "John F. (John Fitzgerald)" is "John F.".
    private static string WithoutFullerForm(string forename)
    {
        var bracket = forename.IndexOf('(', StringComparison.Ordinal);
        return bracket > 0 ? forename[..bracket].Trim() : forename;
    }
}
