namespace Lms.Marc;

/// <summary>
/// One rule for both formats on what is a control field and what becomes of text in the wrong place, so that a record
/// which was read is read again as itself, whatever it was written as.
/// </summary>
internal static class FieldShape
{
    /// <param name="tag">Three printable characters.</param>
    /// <param name="prefix">What stands before the first delimiter: the indicators of a data field, else all.</param>
    /// <param name="subfields">Is kept by the field.</param>
    /// <param name="warnings">Learns what was put right.</param>
    public static MarcField Of(string tag, string prefix, List<Subfield> subfields, ProblemList warnings)
    {
        if (subfields.Count == 0 && HoldsOneValue(tag))
        {
            return new ControlField(tag, prefix);
        }

        if (subfields.Count == 0)
        {
            warnings.Add(MarcProblems.Subfield, $"Field {tag} has no subfield.");
        }
        else if (prefix.Length == 2 && !char.IsSurrogate(prefix[0]))
        {
            return new DataField(tag, prefix[0], prefix[1], subfields);
        }
        else
        {
            warnings.Add(MarcProblems.Indicators, $"Field {tag} has \"{prefix}\" for indicators.");
        }

        var (first, second, rest) = prefix switch
        {
            "" => (' ', ' ', ""),
            [var one] when IsIndicator(one) => (one, ' ', ""),
            [var one, var two, ..] when IsIndicator(one) && IsIndicator(two) => (one, two, prefix[2..]),
            _ => (' ', ' ', prefix),
        };
        return new DataField(tag, first, second, rest is "" ? subfields : [new(Subfield.NoCode, rest), .. subfields]);
    }

    /// <summary>00X, and the tags with letters which systems make up, such as FMT and LDR.</summary>
    public static bool HoldsOneValue(string tag) =>
        tag.StartsWith("00", StringComparison.Ordinal) || !tag.All(char.IsAsciiDigit);

    private static bool IsIndicator(char text) => text == ' ' || char.IsAsciiDigit(text);
}
