using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Readers;
using Lms.Grains.Users;

namespace Lms.Grains.Verification;

/// <summary>Logins, users and readers against each other. Pure.</summary>
/// <remarks>
/// A login is claimed before the user takes its name, and given up after the user has another; a user is there before its
/// reader is. So a user always has its login, and a reader its user; the other way round a process may be on its way.
/// </remarks>
internal static class PeopleComparison
{
    public static IEnumerable<Finding> Compare(Facts facts) => [.. Users(facts), .. Logins(facts), .. Readers(facts)];

    private static IEnumerable<Finding> Users(Facts facts)
    {
        var logins = facts.Logins.ToDictionary(login => login.Username, StringComparer.Ordinal);
        foreach (var user in facts.Users)
        {
            var key = $"{UserGrains.UserPrefix}{user.Id}";
            var login = logins.GetValueOrDefault(user.Username);
            if (login?.User != user.Id)
            {
                yield return new(
                    key,
                    login?.User is { } other
                        ? $"has the username {user.Username}, which is user {other}'s"
                        : $"has the username {user.Username}, which nobody has",
                    Latest(user.WrittenAt, login?.WrittenAt));
            }

            if (user.Renaming is not null)
            {
                yield return new(key, "has not finished changing its username", user.WrittenAt, new Mend.Resume(UserState.Name, key));
            }
        }
    }

    private static IEnumerable<Finding> Logins(Facts facts)
    {
        var users = facts.Users.ToDictionary(user => user.Id);
        foreach (var login in facts.Logins)
        {
            var key = $"{UserGrains.LoginPrefix}{login.Username}";
            if (login.IsRegistering)
            {
                yield return new(key, "has not finished its registration", login.WrittenAt, new Mend.Resume(LoginState.Name, key));
            }
            else if (login.User is { } id)
            {
                var user = users.GetValueOrDefault(id);
                if (user?.Username != login.Username && user?.Renaming?.Contains(login.Username) != true)
                {
                    yield return new(
                        key,
                        user is null ? $"is user {id}'s, who does not exist" : $"is user {id}'s, whose username is {user.Username}",
                        Latest(login.WrittenAt, user?.WrittenAt));
                }
            }
        }
    }

    private static IEnumerable<Finding> Readers(Facts facts)
    {
        var users = facts.Users.ToDictionary(user => user.Id);
        var readers = facts.Readers.ToDictionary(reader => reader.Number);
        foreach (var reader in facts.Readers)
        {
            var key = $"{ReaderGrains.Prefix}{reader.Number}";
            if (reader.IsUnfinished)
            {
                yield return new(
                    key, "has not finished its registration or a change", reader.WrittenAt, new Mend.Resume(ReaderState.Name, key));
            }

            if (reader.User is { } id && users.GetValueOrDefault(id) is var user && user?.Reader != reader.Number)
            {
                yield return new(
                    key,
                    user is null ? $"is user {id}, who does not exist" : $"is user {id}, who is not this reader",
                    Latest(reader.WrittenAt, user?.WrittenAt));
            }
        }

        foreach (var user in facts.Users)
        {
            if (user.Reader is { } number
                && readers.GetValueOrDefault(number) is var reader
                && reader?.User != user.Id
                && reader is not { User: null, IsUnfinished: true })
            {
                yield return new(
                    $"{UserGrains.UserPrefix}{user.Id}",
                    reader is null ? $"is reader {number}, who does not exist" : $"is reader {number}, who is not this user",
                    Latest(user.WrittenAt, reader?.WrittenAt));
            }
        }
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
