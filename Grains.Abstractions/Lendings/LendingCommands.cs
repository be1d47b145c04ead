using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>Asks a reader's account for a lending. Book and reader exist: the caller has just seen them.</summary>
/// <param name="Barcode">This copy and no other; null for any copy that is free.</param>
[GenerateSerializer, Immutable, Alias("lms.lend-book")]
public sealed record LendBook(
    Operation Operation,
    Isbn Isbn,
    string BookTitle,
    UserId ReaderUser,
    Barcode? Barcode = null);

/// <summary>Tells a reader's account that a book came back.</summary>
/// <param name="ExpectedVersion">Null at the desk, where nobody looked at the lending before.</param>
/// <param name="ReturnedAt">
/// When it came back, if that could not be told at once: neither before the lending began nor in the future. Null for now.
/// </param>
[GenerateSerializer, Immutable, Alias("lms.return-book")]
public sealed record ReturnBook(
    Operation Operation,
    LendingNumber Number,
    int? ExpectedVersion,
    string? Commentary = null,
    int? Grade = null,
    DateTimeOffset? ReturnedAt = null)
{
    public const int MaxCommentary = 1024;
    public const int MaxGrade = 10;

    /// <summary>What is wrong with what is said about the book, whatever becomes of the lending.</summary>
    public static Rejection? Check(string? commentary, int? grade) =>
        commentary?.Length > MaxCommentary ? LendingRejections.CommentaryTooLong
        : grade is < 0 or > MaxGrade ? LendingRejections.GradeInvalid
        : null;
}

/// <summary>First write of a lending, sent by the account: the commit point of lending a book.</summary>
[GenerateSerializer, Immutable, Alias("lms.open-lending")]
public sealed record OpenLending(Operation Operation, Lending Lending, DateTimeOffset StartedAt);

/// <summary>Sent by the account: the commit point of returning a book.</summary>
/// <param name="Today">The day at the library when the book came back.</param>
/// <param name="Reader">Whose account sends it: the lending of another reader is unknown there.</param>
/// <param name="ReturnedAt">When the book came back; null for now.</param>
[GenerateSerializer, Immutable, Alias("lms.close-lending")]
public sealed record CloseLending(
    Operation Operation,
    int? ExpectedVersion,
    DateOnly Today,
    string? Commentary,
    int? Grade,
    ReaderNumber Reader,
    DateTimeOffset? ReturnedAt = null);

/// <summary>Lendings of another system or of the demo library, which no rule judges.</summary>
[GenerateSerializer, Immutable, Alias("lms.load-lendings")]
public sealed record LoadLendings(Operation Operation, Lending[] Lendings);

/// <summary>Adds a copy to a book's holdings.</summary>
[GenerateSerializer, Immutable, Alias("lms.add-copy")]
public sealed record AddCopy(Operation Operation, Barcode Barcode, string? Branch, string? ShelfMark);

/// <summary>First write of a copy, sent by its holdings.</summary>
[GenerateSerializer, Immutable, Alias("lms.register-copy")]
public sealed record RegisterCopy(Operation Operation, Isbn Isbn, string? Branch, string? ShelfMark);

/// <summary>Changes where a copy stands; null leaves it.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-copy")]
public sealed record ChangeCopy(Operation Operation, int ExpectedVersion, string? Branch, string? ShelfMark);

/// <summary>The barcodes of a book's copies, in the order they came.</summary>
[GenerateSerializer, Immutable, Alias("lms.holdings")]
public sealed record Holdings(Barcode[] Barcodes);
