namespace Lms.Grains.Abstractions.Authors;

[GenerateSerializer, Immutable, Alias("lms.create-author")]
public sealed record CreateAuthor(Operation Operation, string? Name, string? Bio, string? Photo);

/// <summary>Changes what is not null.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-author")]
public sealed record ChangeAuthor(Operation Operation, int ExpectedVersion, string? Name, string? Bio, string? Photo);
