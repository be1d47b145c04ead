using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Readers;
using Lms.Grains.Users;

namespace Lms.Grains.Tests.Readers;

/// <summary>Registering a reader writes a reader, a login and a user; it is cut short at every write of them.</summary>
public sealed class RegistrationCrashTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    public static TheoryData<string, int, Cut, Finisher> Steps => Crash.At(
        (ReaderState.Name, 0), (LoginState.Name, 0), (UserState.Name, 0), (LoginState.Name, 1), (ReaderState.Name, 1));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_registration_that_was_cut_short_happens_whole_or_not_at_all(
        string state, int before, Cut cut, Finisher finisher)
    {
        var command = Any.RegisterReader;
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => Grains.ReaderRegistration().RegisterAsync(command, Token));
        await ForgetAllAsync(command);
        Advance(s_pastGrace);
        switch (finisher)
        {
            case Finisher.Retry:
                var retried = await Grains.ReaderRegistration().RegisterAsync(command, Token);
                Assert.Equal(command.Username.Email, retried.Value?.Username);
                break;
            case Finisher.NextTouch:
                var other = command with { Operation = Any.Operation, FullName = "Outra Pessoa" };
                var next = await Grains.ReaderRegistration().RegisterAsync(other, Token);
                Assert.Equal(next.IsAccepted ? null : UserRejections.UsernameTaken, next.Rejection);
                break;
            default:
                break;
        }

        await Cluster.SweepAsync(Token);

        Assert.True(interruption.Struck.IsCompleted);
        var login = Storage.Find<LoginState>(LoginState.Name, $"{UserGrains.LoginPrefix}{command.Username}");
        var users = Storage.All<UserState>(UserState.Name).Where(row => row.State.User!.Username == command.Username.Email).ToArray();
        var readers = Readers(command).Where(row => row.State.Reader is not null).ToArray();
        if (finisher == Finisher.Sweeper && (state, before) == (ReaderState.Name, 0) && cut != Cut.ReplyIsLost)
        {
            Assert.Null(login);
            Assert.Empty(users);
            Assert.Empty(readers);
            return;
        }

        var user = Assert.Single(users).State.User!;
        var reader = Assert.Single(readers).State.Reader!;
        Assert.Equal(user.Id, login!.User);
        Assert.Null(login.Registration);
        Assert.Equal((user.Id, reader.Number), (reader.User, user.Reader!.Value));
        Assert.Equal(user.FullName, reader.FullName);
        Assert.All(Readers(command), row => Assert.Null(row.State.Registration));
    }

    [Fact]
    public async Task Fifty_repeats_of_one_registration_at_once_make_one_reader()
    {
        var command = Any.RegisterReader;

        var results = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Grains.ReaderRegistration().RegisterAsync(command, Token)));

        // Repeats that overtake each other before one has claimed the username may be refused, but never make another.
        var number = Assert.Single(results.Where(result => result.IsAccepted).Select(result => result.Value!.Number).Distinct());
        Assert.Equal([number], Readers(command).Where(row => row.State.Reader is not null).Select(row => row.State.Reader!.Number));
    }

    [Fact]
    public async Task Of_many_who_want_one_username_one_gets_it()
    {
        var username = Any.Username;

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Grains.ReaderRegistration().RegisterAsync(Any.RegisterReader with { Username = username }, Token)));

        Assert.Single(results, result => result.IsAccepted);
        Assert.Equal(19, results.Count(result => result.Rejection == UserRejections.UsernameTaken));
        Assert.Single(Storage.All<UserState>(UserState.Name), row => row.State.User!.Username == username.Email);
    }

    [Fact]
    public async Task A_username_that_is_taken_meanwhile_drops_the_registration_and_leaves_its_number_unused()
    {
        var command = Any.RegisterReader;
        var begun = Storage.HoldReply(ReaderState.Name);
        var registering = Grains.ReaderRegistration().RegisterAsync(command, Token);
        var key = await begun.Struck;
        await Grains.Login(command.Username).RegisterAsync(new(Any.Operation, "Outra Pessoa", "hash", [Roles.Reader]), Token);

        begun.Release();
        var refused = await registering;

        Assert.Equal(UserRejections.UsernameTaken, refused.Rejection);
        var state = Storage.Find<ReaderState>(ReaderState.Name, key)!;
        Assert.Equal((null, null, null), (state.Reader, state.Registration, state.UnfinishedSince));
        var unused = Grains.Reader(ReaderNumber.Of(key[ReaderGrains.Prefix.Length..]));
        Assert.Equal("reader-unknown", (await unused.GetAsync(Token)).Rejection?.Code);
        Assert.Equal(ReaderRejections.NumberTaken, (await unused.RegisterAsync(Any.RegisterReader, Token)).Rejection);
    }

    [Fact]
    public async Task A_reader_does_not_exist_before_the_registration_is_finished()
    {
        var command = Any.RegisterReader;
        Storage.Interrupt(Cut.WriteFails, UserState.Name);
        await Assert.ThrowsAsync<GrainFault>(() => Grains.ReaderRegistration().RegisterAsync(command, Token));
        var key = Assert.Single(Readers(command)).Key;

        var reader = await Grains.GetGrain<IReaderGrain>(key).GetAsync(Token);

        Assert.Equal("reader-unknown", reader.Rejection?.Code);
    }

    [Fact]
    public async Task A_refused_registration_spends_no_number_and_takes_no_username()
    {
        var command = Any.RegisterReader;
        var tooYoung = command with { Profile = command.Profile with { BirthDate = Today.ToString("yyyy-MM-dd", null) } };
        var before = Storage.All<ReaderState>(ReaderState.Name).Count();

        var refused = await Grains.ReaderRegistration().RegisterAsync(tooYoung, Token);
        var registered = await Grains.ReaderRegistration().RegisterAsync(command, Token);

        Assert.Equal(ReaderRejections.TooYoung(12), refused.Rejection);
        Assert.True(registered.IsAccepted);
        Assert.Equal(before + 1, Storage.All<ReaderState>(ReaderState.Name).Count());
    }

    /// <summary>Every number under which the command was ever begun, finished or not.</summary>
    private (string Key, ReaderState State)[] Readers(RegisterReader command) =>
    [
        .. Storage.All<ReaderState>(ReaderState.Name).Where(row =>
            row.State.Registration?.Username == command.Username || row.State.Reader?.Username == command.Username.Email),
    ];

    private async Task ForgetAllAsync(RegisterReader command)
    {
        await Cluster.ForgetAsync(Grains.Login(command.Username));
        foreach (var (key, _) in Readers(command))
        {
            await Cluster.ForgetAsync(Grains.GetGrain<IReaderGrain>(key));
        }
    }
}
