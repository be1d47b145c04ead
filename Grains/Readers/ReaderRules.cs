using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Readers;

/// <summary>What a reader may be. Pure: the same state, command and day give the same decision.</summary>
internal static class ReaderRules
{
    public const int MaxInterests = 100;

    /// <summary>Judges what a reader tells at registration, apart from what only the user knows.</summary>
    public static Rejection? Check(ReaderProfile profile, DateOnly today, int minimumAge) =>
        (profile.Gdpr ? null : ReaderRejections.GdprMissing)
        ?? CheckBirthDate(profile.BirthDate, today, minimumAge)
        ?? CheckPhone(profile.PhoneNumber)
        ?? CheckInterests(profile.Interests);

    public static Rejection? Check(ChangeReader change, DateOnly today, int minimumAge) =>
        (change.Gdpr == false ? ReaderRejections.GdprMissing : null)
        ?? (change.BirthDate is null ? null : CheckBirthDate(change.BirthDate, today, minimumAge))
        ?? (change.PhoneNumber is null ? null : CheckPhone(change.PhoneNumber))
        ?? (change.Interests is null ? null : CheckInterests(change.Interests));

    /// <summary>Writes down that a registration goes on, before the user is asked.</summary>
    public static ReaderState BeginRegistration(ReaderState state, RegisterReader command, DateTimeOffset now) =>
        state with { Registration = command, UnfinishedSince = now, CreatedAt = now };

    public static ReaderState FinishRegistration(ReaderState state, ReaderNumber number, UserId user, DateTimeOffset now)
    {
        var registration = state.Registration!;
        var profile = registration.Profile;
        var reader = new Reader
        {
            Number = number,
            User = user,
            Username = registration.Username.Email,
            FullName = registration.FullName!.Trim(),
            BirthDate = DateOnly.ParseExact(profile.BirthDate!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            PhoneNumber = profile.PhoneNumber!,
            Gdpr = profile.Gdpr,
            Marketing = profile.Marketing,
            ThirdParty = profile.ThirdParty,
            Interests = Interests(profile.Interests),
            Photo = profile.Photo,
        };
        return (state with { Reader = reader, Registration = null, UnfinishedSince = null, CreatedBy = user })
            .Stamped(registration.Operation with { By = user }, now);
    }

    /// <summary>The user refused: the number stays unused.</summary>
    public static ReaderState DropRegistration(ReaderState state) =>
        state with { Registration = null, UnfinishedSince = null };

    /// <summary>Judges a change by everything but what only the user knows.</summary>
    public static Rejection? CheckChange(
        ReaderState state, ReaderNumber number, ChangeReader command, DateOnly today, int minimumAge) => state switch
        {
            { Reader: null } => ReaderRejections.Unknown(number),
            { Reader: { } reader } when command.ExpectedVersion is { } expected && expected != reader.Version =>
                ReaderRejections.Stale,
            _ => Check(command, today, minimumAge),
        };

    /// <summary>Writes down that a change goes on, before the user is asked.</summary>
    public static ReaderState BeginChange(ReaderState state, ChangeReader command, DateTimeOffset now) =>
        state with { Change = command, UnfinishedSince = now };

    public static ReaderState DropChange(ReaderState state) => state with { Change = null, UnfinishedSince = null };

    /// <param name="state">The reader so far.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="user">The user after the change; null when the change does not concern the user.</param>
    /// <param name="now">The instant.</param>
    public static ReaderState FinishChange(ReaderState state, ChangeReader command, User? user, DateTimeOffset now)
    {
        var reader = state.Reader!;
        var changed = reader with
        {
            Username = user?.Username ?? reader.Username,
            FullName = user?.FullName ?? reader.FullName,
            BirthDate = command.BirthDate is null
                ? reader.BirthDate
                : DateOnly.ParseExact(command.BirthDate, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            PhoneNumber = command.PhoneNumber ?? reader.PhoneNumber,
            Gdpr = command.Gdpr ?? reader.Gdpr,
            Marketing = command.Marketing ?? reader.Marketing,
            ThirdParty = command.ThirdParty ?? reader.ThirdParty,
            Interests = command.Interests is null ? reader.Interests : Interests(command.Interests),
            Photo = command.Photo ?? reader.Photo,
            Version = reader.Version + 1,
        };
        return (state with { Reader = changed, Change = null, UnfinishedSince = null }).Stamped(command.Operation, now);
    }

    public static Result<ReaderState> RemovePhoto(
        ReaderState state, ReaderNumber number, Operation operation, DateTimeOffset now) => state switch
        {
            _ when state.Knows(operation) => state,
            { Reader: null } => ReaderRejections.Unknown(number),
            { Reader.Photo: null } => ReaderRejections.NoPhoto,
            { Reader: { } reader } => (state with { Reader = reader with { Photo = null, Version = reader.Version + 1 } })
                .Stamped(operation, now),
        };

    public static GenreName[] Interests(string[] names) => [.. names.Select(GenreName.Of).Distinct()];

    private static Rejection? CheckBirthDate(string? text, DateOnly today, int minimumAge)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birthDate))
        {
            return ReaderRejections.BirthDateInvalid;
        }

        // Born on 29 February, one is of age on 1 March of a common year.
        var age = today.Year - birthDate.Year - ((today.Month, today.Day).CompareTo((birthDate.Month, birthDate.Day)) < 0 ? 1 : 0);
        return age < minimumAge ? ReaderRejections.TooYoung(minimumAge) : null;
    }

    private static Rejection? CheckPhone(string? phone) =>
        phone is { Length: 9 } && phone[0] is ('9' or '2') && !phone.Any(char.IsControl) ? null : ReaderRejections.PhoneInvalid;

    private static Rejection? CheckInterests(string[] interests) => interests switch
    {
        { Length: > MaxInterests } => ReaderRejections.TooManyInterests,
        _ when interests.Any(interest => !GenreName.TryParse(interest, out _)) => ReaderRejections.InterestUnknown,
        _ => null,
    };
}
