using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>Who borrows books. Name and username are copies: the user is the authority for both.</summary>
[GenerateSerializer, Immutable, Alias("lms.reader")]
public sealed record Reader
{
    [Id(0)] public required ReaderNumber Number { get; init; }

    [Id(1)] public required UserId User { get; init; }

    [Id(2)] public required string Username { get; init; }

    [Id(3)] public required string FullName { get; init; }

    [Id(4)] public required DateOnly BirthDate { get; init; }

    [Id(5)] public required string PhoneNumber { get; init; }

    [Id(6)] public bool Gdpr { get; init; }

    [Id(7)] public bool Marketing { get; init; }

    [Id(8)] public bool ThirdParty { get; init; }

    /// <summary>In the order the reader gave them.</summary>
    [Id(9)] public GenreName[] Interests { get; init; } = [];

    /// <summary>SHA-256 of the photo in hexadecimal, or null.</summary>
    [Id(10)] public string? Photo { get; init; }

    /// <summary>The contract's ETag: starts at 0, moved by visible changes only.</summary>
    [Id(11)] public int Version { get; init; }
}
