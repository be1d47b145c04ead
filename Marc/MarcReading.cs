namespace Lms.Marc;

/// <summary>What a reader found at one place of a stream: a record, or the reason why there is none.</summary>
public sealed record MarcReading
{
    /// <summary>From 1, counting failures too.</summary>
    public required int Number { get; init; }

    /// <summary>The byte of the stream, from 0, at which the record begins.</summary>
    public required long Offset { get; init; }

    /// <summary>Null when the reading failed.</summary>
    public MarcRecord? Record { get; init; }

    /// <summary>Null when there is a record.</summary>
    public MarcProblem? Failure { get; init; }

    /// <summary>What was put right or left out to read the record.</summary>
    public IReadOnlyList<MarcProblem> Warnings { get; init; } = [];
}

/// <summary>A defect of a record.</summary>
/// <param name="Code">Stable, one of the constants of <see cref="MarcProblems"/>.</param>
/// <param name="Detail">A sentence for librarians.</param>
public sealed record MarcProblem(string Code, string Detail);

/// <summary>The codes of problems, which never change.</summary>
public static class MarcProblems
{
    /// <summary>The base address is wrong; the data begin after the directory.</summary>
    public const string BaseAddress = "base-address";

    /// <summary>The leader says MARC-8 but the record is UTF-8.</summary>
    public const string ClaimsMarc8 = "claims-marc8";

    /// <summary>The leader says UTF-8 but the record is MARC-8.</summary>
    public const string ClaimsUtf8 = "claims-utf8";

    /// <summary>Characters that XML forbids were replaced by U+FFFD.</summary>
    public const string ControlCharacter = "control-character";

    /// <summary>The directory does not fit the data.</summary>
    public const string Directory = "directory";

    /// <summary>The document has a document type declaration, which is refused.</summary>
    public const string Dtd = "dtd";

    /// <summary>An element that says nothing: no leader, no field.</summary>
    public const string Empty = "empty";

    /// <summary>The bytes are no text in any encoding that they could have.</summary>
    public const string Encoding = "encoding";

    /// <summary>A data field has not two indicators before its first delimiter.</summary>
    public const string Indicators = "indicators";

    /// <summary>Text that belongs to no record was skipped.</summary>
    public const string Junk = "junk";

    /// <summary>The leader is missing or has not 24 printable characters.</summary>
    public const string Leader = "leader";

    /// <summary>The first five bytes are no number.</summary>
    public const string LengthNotNumeric = "length-not-numeric";

    /// <summary>Nothing here looks like MARC.</summary>
    public const string NotMarc = "not-marc";

    /// <summary>The XML of the record, or what follows the last record, is not well-formed.</summary>
    public const string NotWellFormed = "not-well-formed";

    /// <summary>A data field without a delimiter, or a subfield without a code or with an odd one.</summary>
    public const string Subfield = "subfield";

    /// <summary>A tag is missing or has not three printable characters.</summary>
    public const string Tag = "tag";

    /// <summary>The record is longer than a reader is willing to hold.</summary>
    public const string TooLong = "too-long";

    /// <summary>The stream ends, or the next record begins, before the record does.</summary>
    public const string Truncated = "truncated";

    /// <summary>An element that MARCXML does not know was skipped.</summary>
    public const string UnknownElement = "unknown-element";

    /// <summary>The length of the leader is not that of the record.</summary>
    public const string WrongLength = "wrong-length";
}
