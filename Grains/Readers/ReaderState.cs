using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Readers;

namespace Lms.Grains.Readers;

[GenerateSerializer, Alias("lms.reader-state")]
internal sealed record ReaderState : State, IProjected<ReaderState>, ICompared<ReaderState>
{
    public const string Name = "reader";

    [Id(0)] public Reader? Reader { get; init; }

    /// <summary>A registration whose user may not exist yet. The reader does not exist while this does.</summary>
    [Id(1)] public RegisterReader? Registration { get; init; }

    /// <summary>A change that the user may not have seen yet.</summary>
    [Id(2)] public ChangeReader? Change { get; init; }

    [Id(3)] public DateTimeOffset? UnfinishedSince { get; init; }

    static string IProjected<ReaderState>.StateName => Name;

    static string ICompared<ReaderState>.StateName => Name;

    public static void Tell(Facts facts, string key, ReaderState state, DateTimeOffset writtenAt) =>
        facts.Readers.Add(new(
            ReaderNumber.Of(key[ReaderGrains.Prefix.Length..]),
            state.Reader?.User,
            state is not { Registration: null, Change: null },
            writtenAt));

    public static Projection? Project(string key, long rowVersion, ReaderState state) =>
        state switch
        {
            { Reader: { } reader } => new ReaderRow
            {
                Key = key,
                RowVersion = rowVersion,
                UnfinishedSince = state.UnfinishedSince,
                Number = reader.Number.ToString(),
                Year = reader.Number.Year,
                Sequence = reader.Number.Sequence,
                UserId = reader.User.Value,
                Username = reader.Username,
                FullName = reader.FullName,
                FullNameFolded = Folding.Fold(reader.FullName),
                BirthOn = reader.BirthDate,
                PhoneNumber = reader.PhoneNumber,
                Gdpr = reader.Gdpr,
                Marketing = reader.Marketing,
                ThirdParty = reader.ThirdParty,
                Photo = reader.Photo,
                Version = reader.Version,
                Interests = [.. reader.Interests.Select(interest => interest.Folded)],
                IsHidden = false,
            },
            { Registration: not null } or { CreatedAt: not null } => Hidden(key, rowVersion, state),
            _ => null,
        };

    // Not a reader yet, or never to be one; only the sweeper looks at it.
    private static ReaderRow Hidden(string key, long rowVersion, ReaderState state)
    {
        var number = ReaderNumber.Of(key[ReaderGrains.Prefix.Length..]);
        return new()
        {
            Key = key,
            RowVersion = rowVersion,
            UnfinishedSince = state.UnfinishedSince,
            Number = number.ToString(),
            Year = number.Year,
            Sequence = number.Sequence,
            UserId = 0,
            Username = "",
            FullName = "",
            FullNameFolded = "",
            BirthOn = default,
            PhoneNumber = "",
            Gdpr = false,
            Marketing = false,
            ThirdParty = false,
            Version = 0,
            Interests = [],
            IsHidden = true,
        };
    }
}
