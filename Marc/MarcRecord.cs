namespace Lms.Marc;

/// <summary>
/// One record as <see href="https://www.loc.gov/marc/bibliographic/">MARC 21</see> describes it: a leader and fields.
/// Two records are equal when their leaders and all of their fields are.
/// </summary>
public sealed class MarcRecord : IEquatable<MarcRecord>
{
    private const int LeaderLength = 24;

    /// <param name="leader">
    /// Is padded with blanks or cut to 24 characters; what is not printable ASCII becomes "?".
    /// </param>
    /// <param name="fields">In the order of the record.</param>
    public MarcRecord(string leader, IReadOnlyList<MarcField> fields)
    {
        ArgumentNullException.ThrowIfNull(leader);
        ArgumentNullException.ThrowIfNull(fields);
        Leader = string.Create(LeaderLength, leader, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = i >= text.Length ? ' ' : text[i] is >= ' ' and <= '~' ? text[i] : '?';
            }
        });
        Fields = fields;
    }

    /// <summary>Always 24 characters.</summary>
    public string Leader { get; }

    /// <summary>In the order of the record.</summary>
    public IReadOnlyList<MarcField> Fields { get; }

    /// <summary>Leader/06, "a" for printed text.</summary>
    public char Type => Leader[6];

    /// <summary>Leader/07, "m" for a monograph.</summary>
    public char Level => Leader[7];

    /// <summary>The value of the first control field with the tag.</summary>
    public string? Control(string tag) =>
        Fields.OfType<ControlField>().FirstOrDefault(field => field.Tag == tag)?.Value;

    /// <summary>The data fields with one of the tags, in the order of the record.</summary>
    public IEnumerable<DataField> Data(params string[] tags) =>
        Fields.OfType<DataField>().Where(field => tags.Contains(field.Tag));

    /// <summary>
    /// Equality but for what a writer computes in the leader: length (00-04), character coding (09), the counts of
    /// indicators and of characters of a subfield code (10-11), base address (12-16) and the map of directory
    /// entries (20-23).
    /// </summary>
    public bool HasSameContentAs(MarcRecord? other) =>
        other is not null && Descriptive(Leader) == Descriptive(other.Leader) && Fields.SequenceEqual(other.Fields);

    public bool Equals(MarcRecord? other) =>
        other is not null && Leader == other.Leader && Fields.SequenceEqual(other.Fields);

    public override bool Equals(object? obj) => Equals(obj as MarcRecord);

    public override int GetHashCode() => HashCode.Combine(Leader, Fields is [var first, ..] ? first : null);

    /// <summary>The record as librarians print it, one field to a line.</summary>
    public override string ToString() => $"LDR {Leader}\n{string.Join('\n', Fields)}";

    private static string Descriptive(string leader) => string.Concat(leader.AsSpan(5, 4), leader.AsSpan(17, 3));
}
