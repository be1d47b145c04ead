using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Readers;

public sealed record ReaderRow : Projection
{
    public override string State => "reader";

    /// <summary>Year and sequence as one text, such as "2024/1".</summary>
    public required string Number { get; init; }

    public required int Year { get; init; }

    public required int Sequence { get; init; }

    public required long UserId { get; init; }

    /// <summary>The e-mail, lower case.</summary>
    public required string Username { get; init; }

    public required string FullName { get; init; }

    public required string FullNameFolded { get; init; }

    public required DateOnly BirthOn { get; init; }

    public required string PhoneNumber { get; init; }

    public required bool Gdpr { get; init; }

    public required bool Marketing { get; init; }

    public required bool ThirdParty { get; init; }

    /// <summary>The SHA-256 of the photo.</summary>
    public string? Photo { get; init; }

    public required int Version { get; init; }

    /// <summary>Folded names of genres, in the order of the reader.</summary>
    public required IReadOnlyList<string> Interests { get; init; }

    /// <summary>The registration is unfinished, or was refused: no list or report shows it.</summary>
    public required bool IsHidden { get; init; }
}
