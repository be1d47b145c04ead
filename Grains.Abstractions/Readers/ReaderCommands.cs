using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>What a reader tells of themselves at registration.</summary>
[GenerateSerializer, Immutable, Alias("lms.reader-profile")]
public sealed record ReaderProfile
{
    [Id(0)] public string? BirthDate { get; init; }

    [Id(1)] public string? PhoneNumber { get; init; }

    [Id(2)] public bool Gdpr { get; init; }

    [Id(3)] public bool Marketing { get; init; }

    [Id(4)] public bool ThirdParty { get; init; }

    [Id(5)] public string[] Interests { get; init; } = [];

    [Id(6)] public string? Photo { get; init; }
}

/// <summary>Creates a reader and the user behind it: all or nothing.</summary>
/// <param name="PasswordHash">Never the password: the gateway hashes.</param>
[GenerateSerializer, Immutable, Alias("lms.register-reader")]
public sealed record RegisterReader(
    Operation Operation, Username Username, string? FullName, string PasswordHash, ReaderProfile Profile);

/// <summary>Changes what is not null.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-reader")]
public sealed record ChangeReader
{
    [Id(0)] public required Operation Operation { get; init; }

    /// <summary>Null when the change does not come from someone who looked at the reader, such as an ADMIN.</summary>
    [Id(1)] public int? ExpectedVersion { get; init; }

    /// <summary>Username, name and password; the user is their authority.</summary>
    [Id(2)] public UserChanges Identity { get; init; } = new();

    [Id(3)] public string? BirthDate { get; init; }

    [Id(4)] public string? PhoneNumber { get; init; }

    /// <summary>Null leaves it; a reader never withdraws it here.</summary>
    [Id(5)] public bool? Gdpr { get; init; }

    /// <summary>Null leaves it.</summary>
    [Id(6)] public bool? Marketing { get; init; }

    /// <summary>Null leaves it.</summary>
    [Id(7)] public bool? ThirdParty { get; init; }

    [Id(8)] public string[]? Interests { get; init; }

    [Id(9)] public string? Photo { get; init; }
}
