namespace Lms.Grains.Abstractions.Authors;

/// <param name="Operation">The operation.</param>
/// <param name="Name">1 to 150 characters.</param>
/// <param name="Bio">1 to 4096 characters.</param>
/// <param name="Photo">SHA-256 of the photo, or null.</param>
/// <param name="IsImported">The name is as a catalogue spells it: any characters may be in it.</param>
[GenerateSerializer, Immutable, Alias("lms.create-author")]
public sealed record CreateAuthor(Operation Operation, string? Name, string? Bio, string? Photo, bool IsImported = false);

/// <summary>Changes what is not null.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-author")]
public sealed record ChangeAuthor(Operation Operation, int ExpectedVersion, string? Name, string? Bio, string? Photo);
