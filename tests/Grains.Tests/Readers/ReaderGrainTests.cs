using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Readers;
using Lms.Grains.Users;

namespace Lms.Grains.Tests.Readers;

public sealed class ReaderGrainTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    public static TheoryData<string, int, Cut, Finisher> Steps =>
        Crash.At((ReaderState.Name, 0), (UserState.Name, 0), (LoginState.Name, 0), (UserState.Name, 1), (ReaderState.Name, 1));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_change_that_was_cut_short_reaches_reader_and_user_or_neither(
        string state, int before, Cut cut, Finisher finisher)
    {
        var reader = await RegisterAsync();
        var renamed = Any.Username;
        var command = new ChangeReader
        {
            Operation = Any.Operation,
            ExpectedVersion = 0,
            Identity = new() { FullName = "Outro Nome", Username = renamed },
            PhoneNumber = "212345678",
        };
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => Grains.Reader(reader.Number).ChangeAsync(command, Token));
        await Cluster.ForgetAsync(Grains.Reader(reader.Number));
        await Cluster.ForgetAsync(Grains.User(reader.User));
        switch (finisher)
        {
            case Finisher.Retry:
                Assert.Equal(1, (await Grains.Reader(reader.Number).ChangeAsync(command, Token)).Value?.Version);
                break;
            case Finisher.NextTouch:
                await Grains.Reader(reader.Number).RemovePhotoAsync(Any.Operation, Token);
                break;
            default:
                Advance(s_pastGrace);
                await Cluster.SweepAsync(Token);
                break;
        }

        Assert.True(interruption.Struck.IsCompleted);
        var nothingStored = (state, before) == (ReaderState.Name, 0) && cut != Cut.ReplyIsLost;
        var happened = finisher == Finisher.Retry || !nothingStored;
        var after = (await Grains.Reader(reader.Number).GetAsync(Token)).Value!;
        var user = (await Grains.User(reader.User).GetAsync(Token)).Value!;
        Assert.Equal((after.FullName, after.Username), (user.FullName, user.Username));
        Assert.Equal(happened ? ("Outro Nome", "212345678", 1) : (reader.FullName, reader.PhoneNumber, 0), (after.FullName, after.PhoneNumber, after.Version));
        Assert.Equal(happened ? reader.User : null, (await Grains.Login(renamed).FindAsync(Token)).Value?.User);
    }

    [Fact]
    public async Task A_username_that_is_taken_refuses_the_whole_change()
    {
        var (reader, other) = (await RegisterAsync(), await RegisterAsync());
        var command = new ChangeReader
        {
            Operation = Any.Operation,
            Identity = new() { Username = Username.Of(other.Username) },
            PhoneNumber = "212345678",
        };

        var refused = await Grains.Reader(reader.Number).ChangeAsync(command, Token);

        Assert.Equal(UserRejections.UsernameTaken, refused.Rejection);
        Assert.Equal(reader, (await Grains.Reader(reader.Number).GetAsync(Token)).Value, SameReader);
        Assert.Null(Storage.Find<ReaderState>(ReaderState.Name, $"{ReaderGrains.Prefix}{reader.Number}")!.Change);
    }

    [Fact]
    public async Task An_interest_in_a_genre_that_does_not_exist_is_refused()
    {
        var reader = await RegisterAsync();
        var genre = Any.GenreSpelling;
        var command = new ChangeReader { Operation = Any.Operation, Interests = [genre] };

        var refused = await Grains.Reader(reader.Number).ChangeAsync(command, Token);
        await Grains.Genre(GenreName.Of(genre)).CreateAsync(new(Any.Operation, genre), Token);
        var changed = await Grains.Reader(reader.Number).ChangeAsync(command, Token);

        Assert.Equal(ReaderRejections.InterestUnknown, refused.Rejection);
        Assert.Equal([GenreName.Of(genre)], changed.Value!.Interests);
    }

    [Fact]
    public async Task Numbers_of_readers_go_on_within_the_year()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());

        Assert.Equal(new(Today.Year, first.Number.Sequence + 1), second.Number);
    }

    [Fact]
    public async Task Forbidden_words_hold_for_readers_who_register_afterwards()
    {
        var before = await RegisterAsync();
        await Grains.ForbiddenWords().SetAsync(Any.Operation, new(["Albertina"]), Token);

        var refused = await Grains.ReaderRegistration().RegisterAsync(Any.RegisterReader, Token);
        var changed = await Grains.Reader(before.Number).ChangeAsync(new() { Operation = Any.Operation, PhoneNumber = "212345678" }, Token);
        await Grains.ForbiddenWords().SetAsync(Any.Operation, new([]), Token);

        Assert.Equal(NameRejections.Forbidden, refused.Rejection);
        Assert.True(changed.IsAccepted);
    }

    private static bool SameReader(Reader? one, Reader? other) =>
        one! with { Interests = [] } == other! with { Interests = [] } && one.Interests.SequenceEqual(other.Interests);

    private async Task<Reader> RegisterAsync() => (await Grains.ReaderRegistration().RegisterAsync(Any.RegisterReader, Token)).Value!;
}
