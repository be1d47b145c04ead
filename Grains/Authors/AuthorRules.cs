using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Authors;

/// <summary>What an author may be. Pure: the same state, command and instant give the same decision.</summary>
internal static class AuthorRules
{
    public const int MaxBio = 4096;

    public static Rejection? Check(string? name, string? bio) => NameRules.Check(name) ?? CheckBio(bio);

    public static Result<AuthorState> Create(
        AuthorState state, AuthorNumber number, CreateAuthor command, DateTimeOffset now)
    {
        if (state.Knows(command.Operation))
        {
            return state;
        }

        if (state.Author is not null)
        {
            return AuthorRejections.NumberTaken;
        }

        if ((command.IsImported ? CheckBio(command.Bio) : Check(command.Name, command.Bio)) is { } refusal)
        {
            return refusal;
        }

        var author = new Author
        {
            Number = number,
            Name = command.Name!.Trim(),
            Bio = Html.Sanitise(command.Bio!),
            Photo = command.Photo,
        };
        return (state with { Author = author }).Stamped(command.Operation, now);
    }

    public static Result<AuthorState> Change(
        AuthorState state, AuthorNumber number, ChangeAuthor command, DateTimeOffset now)
    {
        if (state.Knows(command.Operation))
        {
            return state;
        }

        if (state.Author is not { } author)
        {
            return AuthorRejections.Unknown(number);
        }

        if (author.Version != command.ExpectedVersion)
        {
            return AuthorRejections.Stale;
        }

        // What is not given is not judged: catalogues spell names as no form lets them in.
        if (Check(command.Name ?? "unchanged", command.Bio ?? "unchanged") is { } refusal)
        {
            return refusal;
        }

        var changed = author with
        {
            Name = command.Name?.Trim() ?? author.Name,
            Bio = command.Bio is null ? author.Bio : Html.Sanitise(command.Bio),
            Photo = command.Photo ?? author.Photo,
            Version = author.Version + 1,
        };
        return (state with { Author = changed }).Stamped(command.Operation, now);
    }

    private static Rejection? CheckBio(string? bio) => bio switch
    {
        _ when string.IsNullOrWhiteSpace(bio) => AuthorRejections.BioMissing,
        { Length: > MaxBio } => AuthorRejections.BioTooLong,
        _ => null,
    };

    public static Result<AuthorState> RemovePhoto(
        AuthorState state, AuthorNumber number, Operation operation, DateTimeOffset now) => state switch
        {
            _ when state.Knows(operation) => state,
            { Author: null } => AuthorRejections.Unknown(number),
            { Author.Photo: null } => AuthorRejections.NoPhoto,
            { Author: { } author } => (state with { Author = author with { Photo = null, Version = author.Version + 1 } })
                .Stamped(operation, now),
        };
}
