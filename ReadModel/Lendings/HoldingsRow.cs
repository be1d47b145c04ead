using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

/// <summary>The copies of a book. Nothing lists it; it is here so that unfinished additions are found.</summary>
public sealed record HoldingsRow : Projection
{
    public override string State => "holdings";

    /// <summary>The 13 digits that identify the book.</summary>
    public required string Isbn { get; init; }
}
