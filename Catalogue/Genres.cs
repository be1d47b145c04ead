using System.Text;
using Lms.Grains.Abstractions;

namespace Lms.Catalogue;

/// <summary>Finds the genre of a record from its subjects and classes.</summary>
public sealed class Genres
{
    private static readonly GenreRule[] s_default =
    [
        Rule("Science fiction", ["science fiction"], [], []),
        Rule("Fantasy", ["fantasy", "fantasy fiction"], [], []),
        Rule("Crime", ["detective and mystery stories", "mystery fiction", "crime fiction", "thrillers", "detective and mystery fiction"], [], []),
        Rule("Comics", ["comic books strips etc", "graphic novels", "comics"], ["PN67"], ["741.5"]),
        Rule("Children", ["juvenile fiction", "juvenile literature", "children's stories", "fairy tales"], ["PZ"], []),
        Rule("Poetry", ["poetry", "poems"], [], ["811", "821", "831", "841", "851", "861", "869.1"]),
        Rule("Drama", ["drama", "plays"], [], ["812", "822", "832", "842", "852", "862", "869.2"]),
        Rule("Fiction", ["fiction", "novels", "short stories", "romance fiction"], [], ["813", "823", "833", "843", "853", "863", "869.3"]),
        Rule("Biography", ["biography", "autobiography", "biographies", "diaries"], ["CT"], ["92"]),
        Rule("Computing", ["computer programming", "computer science", "programming languages", "operating systems"], ["QA76"], ["004", "005", "006"]),
        Rule("Cooking", ["cooking", "cookery"], ["TX6", "TX7"], ["641"]),
        Rule("History", ["history"], ["C", "D", "E", "F"], ["9"]),
        Rule("Literature", ["criticism and interpretation", "literature"], ["P"], ["8"]),
        Rule("Philosophy", ["philosophy"], ["B"], ["1"]),
        Rule("Religion", ["religion", "bible", "theology"], ["BL", "BM", "BP", "BQ", "BR", "BS", "BT", "BV", "BX"], ["2"]),
        Rule("Art", ["art", "architecture", "painting"], ["N"], ["70", "71", "72", "73", "74", "75", "76", "77"]),
        Rule("Music", ["music", "songs"], ["M"], ["78"]),
        Rule("Science", ["mathematics", "physics", "biology", "chemistry", "astronomy"], ["Q"], ["5"]),
        Rule("Medicine", ["medicine"], ["R"], ["61"]),
        Rule("Technology", ["engineering", "technology"], ["T", "S", "U", "V"], ["6", "62"]),
        Rule("Society", ["economics", "law", "political science", "education", "sociology"], ["G", "H", "J", "K", "L"], ["3"]),
        Rule("Language", ["dictionaries", "grammar"], ["PE"], ["4"]),
        Rule("Reference", ["bibliography", "encyclopedias and dictionaries"], ["A", "Z"], ["0"]),
    ];

    private readonly (string Genre, string[] Subjects)[] _bySubject;
    private readonly (string Prefix, string Genre)[] _byLcc;
    private readonly (string Prefix, string Genre)[] _byDdc;

    public Genres(CatalogueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = options.Genres.Count > 0 ? options.Genres : s_default;
        _bySubject = [.. rules.Select(rule => (rule.Genre.Trim(), rule.Subjects.Select(Words).ToArray()))];
        _byLcc = ByPrefix(rules, rule => rule.Lcc);
        _byDdc = ByPrefix(rules, rule => rule.Ddc);
    }

    /// <summary>Subjects before classes; of subjects the first rule that fits, of classes the longest beginning.</summary>
    /// <returns>Null when no rule fits.</returns>
    public string? Find(IEnumerable<string> subjects, IEnumerable<string> lcc, IEnumerable<string> ddc)
    {
        var words = subjects.Select(Words).ToList();
        foreach (var (genre, wanted) in _bySubject)
        {
            if (wanted.Any(phrase => words.Exists(subject => subject.Contains(phrase, StringComparison.Ordinal))))
            {
                return genre;
            }
        }

        return Longest(_byLcc, lcc) ?? Longest(_byDdc, ddc);
    }

    private static string? Longest((string Prefix, string Genre)[] rules, IEnumerable<string> classes)
    {
        var trimmed = classes.Select(text => text.Trim()).Where(text => text.Length > 0).ToList();
        return rules
            .Where(rule => trimmed.Exists(text => text.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase)))
            .Select(rule => rule.Genre)
            .FirstOrDefault();
    }

    private static (string Prefix, string Genre)[] ByPrefix(IEnumerable<GenreRule> rules, Func<GenreRule, IList<string>> of) =>
    [
        .. rules.SelectMany(rule => of(rule).Select(prefix => (prefix, rule.Genre.Trim())))
            .OrderByDescending(rule => rule.prefix.Length),
    ];

    // Folded words between single spaces, with one at both ends: whole words are then found as plain text.
    private static string Words(string text)
    {
        var words = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var character in Folding.Fold(text))
        {
            if (char.IsLetterOrDigit(character))
            {
                words.Append(character);
            }
            else if (words[^1] != ' ' && character != '\'')
            {
                words.Append(' ');
            }
        }

        return (words[^1] == ' ' ? words : words.Append(' ')).ToString();
    }

    private static GenreRule Rule(string genre, string[] subjects, string[] lcc, string[] ddc) =>
        new() { Genre = genre, Subjects = subjects, Lcc = lcc, Ddc = ddc };
}
