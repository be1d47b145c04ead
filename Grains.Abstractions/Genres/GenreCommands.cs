namespace Lms.Grains.Abstractions.Genres;

[GenerateSerializer, Immutable, Alias("lms.create-genre")]
public sealed record CreateGenre(Operation Operation, string Spelling);

/// <summary>Another spelling of the same name: what it folds to stays the same.</summary>
[GenerateSerializer, Immutable, Alias("lms.respell-genre")]
public sealed record RespellGenre(Operation Operation, int ExpectedVersion, string Spelling);
