namespace Lms.Marc;

/// <summary>A field of a record.</summary>
/// <param name="Tag">Three printable ASCII characters; anything else is an <see cref="ArgumentException"/>.</param>
public abstract record MarcField(string Tag)
{
    public string Tag { get; } = IsTag(Tag)
        ? Tag
        : throw new ArgumentException("A tag is three printable ASCII characters.", nameof(Tag));

    internal static bool IsTag(string? tag) =>
        tag is [>= ' ' and <= '~', >= ' ' and <= '~', >= ' ' and <= '~'];
}

/// <summary>A field of one value: 001 to 009, and fields of local tags that hold no subfields.</summary>
public sealed record ControlField(string Tag, string Value) : MarcField(Tag)
{
    public override string ToString() => $"{Tag}    {Value}";
}

/// <summary>A field of two indicators and subfields. Two are equal when their subfields are, in their order.</summary>
public sealed record DataField(string Tag, char Indicator1, char Indicator2, IReadOnlyList<Subfield> Subfields)
    : MarcField(Tag)
{
    /// <summary>The value of the first subfield with the code.</summary>
    public string? First(char code) => All(code).FirstOrDefault();

    /// <summary>The values of all subfields with the code, in their order.</summary>
    public IEnumerable<string> All(char code) =>
        Subfields.Where(subfield => subfield.Code == code).Select(subfield => subfield.Value);

    public bool Equals(DataField? other) =>
        other is not null
        && Tag == other.Tag
        && Indicator1 == other.Indicator1
        && Indicator2 == other.Indicator2
        && Subfields.SequenceEqual(other.Subfields);

    public override int GetHashCode() =>
        HashCode.Combine(Tag, Indicator1, Indicator2, Subfields is [var first, ..] ? first : default);

    public override string ToString() => $"{Tag} {Indicator1}{Indicator2} {string.Concat(Subfields)}";
}

/// <summary>One value of a data field.</summary>
public readonly record struct Subfield(char Code, string Value)
{
    /// <summary>
    /// The code of text that had none: no delimiter before it, no code after the delimiter, or no such attribute.
    /// </summary>
    public const char NoCode = ' ';

    public override string ToString() => $"${Code}{Value}";
}
