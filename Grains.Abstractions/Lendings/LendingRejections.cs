namespace Lms.Grains.Abstractions.Lendings;

/// <summary>Every reason this service may refuse a command. Codes never change; details may.</summary>
public static class LendingRejections
{
    public static readonly Rejection NumberTaken =
        new(RejectionKind.Conflict, "lending-number-taken", "The lending number is already in use.");

    /// <summary>The lending was undone before it began.</summary>
    public static readonly Rejection Void =
        new(RejectionKind.Conflict, "lending-void", "The lending was undone before it began.");

    public static readonly Rejection AlreadyReturned =
        new(RejectionKind.Conflict, "already-returned", "book has already been returned!");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The lending has changed since it was read.");

    public static readonly Rejection HasOverdue =
        new(RejectionKind.Forbidden, "reader-overdue", "Reader has book(s) past their due date");

    public static readonly Rejection LimitReached =
        new(RejectionKind.Forbidden, "lending-limit", "Reader has three books outstanding already");

    public static readonly Rejection NoCopy =
        new(RejectionKind.Forbidden, "no-copy-available", "No copy available");

    public static readonly Rejection CommentaryTooLong =
        new(RejectionKind.Invalid, "commentary-too-long", "The commentary has a maximum of 1024 characters.", "commentary");

    public static readonly Rejection GradeInvalid =
        new(RejectionKind.Invalid, "grade-invalid", "A grade is a whole number from 0 to 10.", "grade");

    public static readonly Rejection ReturnedBeforeLent =
        new(RejectionKind.Conflict, "returned-before-lent", "The book came back before this lending began.");

    public static readonly Rejection ReturnedInFuture =
        new(RejectionKind.Invalid, "returned-in-future", "The book cannot come back in the future.");

    public static Rejection Unknown(LendingNumber number) =>
        new(RejectionKind.NotFound, "lending-unknown", $"Entity Lending with id {number} not found");
}

/// <summary>Every reason to refuse a command on a copy. Codes never change; details may.</summary>
public static class CopyRejections
{
    public static readonly Rejection Exists =
        new(RejectionKind.Conflict, "copy-exists", "A copy with this barcode already exists.", "barcode");

    public static readonly Rejection Lent =
        new(RejectionKind.Conflict, "copy-lent", "The copy is lent.");

    /// <summary>The copy is lent to another lending, withdrawn, or was released by this lending already.</summary>
    public static readonly Rejection NotFree =
        new(RejectionKind.Conflict, "copy-not-free", "The copy is not free.");

    public static readonly Rejection BranchTooLong =
        new(RejectionKind.Invalid, "branch-too-long", "A branch has a maximum of 100 characters.", "branch");

    public static readonly Rejection ShelfMarkTooLong =
        new(RejectionKind.Invalid, "shelf-mark-too-long", "A shelf mark has a maximum of 100 characters.", "shelfMark");

    public static readonly Rejection Stale =
        new(RejectionKind.Conflict, "stale-version", "The copy has changed since it was read.");

    public static readonly Rejection TooMany =
        new(RejectionKind.Conflict, "too-many-copies", "A book has a maximum of 1000 copies.");

    public static Rejection Unknown(Barcode barcode) =>
        new(RejectionKind.NotFound, "copy-unknown", $"Entity Copy with id {barcode} not found");
}
