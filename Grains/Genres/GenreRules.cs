using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Genres;

/// <summary>What a genre may be. Pure: the same state, command and instant give the same decision.</summary>
internal static class GenreRules
{
    public static Result<GenreState> Create(GenreState state, GenreName name, CreateGenre command, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(command.Operation) => state,
            { Genre: not null, IsRetired: false } => GenreRejections.Exists,
            _ => Ensure(state, name, command, now),
        };

    public static Result<GenreState> Ensure(GenreState state, GenreName name, CreateGenre command, DateTimeOffset now) =>
        state switch
        {
            { Genre: not null, IsRetired: false } => state,
            { Genre: { } retired } => (state with
            {
                IsRetired = false,
                Genre = retired with { Spelling = command.Spelling.Trim(), Version = retired.Version + 1 },
            }).Stamped(command.Operation, now),
            _ => (state with { Genre = new() { Name = name, Spelling = command.Spelling.Trim() } })
                .Stamped(command.Operation, now),
        };

    public static Result<GenreState> Respell(GenreState state, GenreName name, RespellGenre command, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(command.Operation) => state,
            { Genre: null } or { IsRetired: true } => GenreRejections.Unknown(name.Folded),
            { Genre: { } genre } when genre.Version != command.ExpectedVersion => GenreRejections.Stale,
            _ when !GenreName.TryParse(command.Spelling, out _) => GenreRejections.Invalid,
            _ when GenreName.Of(command.Spelling) != name => GenreRejections.OtherName,
            { Genre: { } genre } => (state with
            {
                Genre = genre with { Spelling = command.Spelling.Trim(), Version = genre.Version + 1 },
            }).Stamped(command.Operation, now),
        };

    /// <param name="state">The genre so far.</param>
    /// <param name="name">Its key.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="books">How many books have the genre.</param>
    /// <param name="now">The instant.</param>
    public static Result<GenreState> Retire(
        GenreState state, GenreName name, Operation operation, int books, DateTimeOffset now) => state switch
        {
            _ when state.Knows(operation) => state,
            { Genre: null } or { IsRetired: true } => GenreRejections.Unknown(name.Folded),
            _ when books > 0 => GenreRejections.InUse,
            { Genre: { } genre } => (state with { IsRetired = true, Genre = genre with { Version = genre.Version + 1 } })
                .Stamped(operation, now),
        };
}
