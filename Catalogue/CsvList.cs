using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lms.Catalogue;

/// <summary>Several values in one cell: "a; b", or a list in brackets when a value has a separator in it.</summary>
internal static class CsvList
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] s_separators = [";", "|"];

    public static string? Write(IEnumerable<string> values)
    {
        var list = values.ToList();
        return list.Count == 0
            ? null
            : list.TrueForAll(IsPlain) ? string.Join("; ", list) : JsonSerializer.Serialize(list, s_json);
    }

    /// <summary>Reads "a; b", "a|b", JSON, and lists as programs print them: "['a', 'b']".</summary>
    public static IEnumerable<string> Read(string cell)
    {
        if (cell is not ['[', .., ']'])
        {
            return cell.Split(s_separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        try
        {
            return JsonSerializer.Deserialize<string?[]>(cell)?.OfType<string>() ?? [];
        }
        catch (JsonException)
        {
            return Quoted(cell);
        }
    }

    private static bool IsPlain(string value) =>
        value.Length > 0 && value.AsSpan().IndexOfAny(';', '|') < 0 && value.Trim() == value && value[0] != '[';

    private static IEnumerable<string> Quoted(string list)
    {
        for (var start = 0; start < list.Length; start++)
        {
            if (list[start] is '\'' or '"')
            {
                var end = list.IndexOf(list[start], start + 1);
                if (end < 0)
                {
                    yield break;
                }

                if (end > start + 1)
                {
                    yield return list[(start + 1)..end].Trim();
                }

                start = end;
            }
        }
    }
}
