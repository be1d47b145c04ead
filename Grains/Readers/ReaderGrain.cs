using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Lms.Grains.Readers;

internal sealed class ReaderGrain(
    [PersistentState(ReaderState.Name, GrainStorage.Name)] IPersistentState<ReaderState> storage,
    IOptions<ReaderOptions> options,
    GrainServices services) : LibraryGrain<ReaderState>(storage, services), IReaderGrain
{
    // Begin (one write), register the user, finish (one write). The user's registration is the commit point: before it
    // nothing exists, after it the reader is finished by the next touch.
    public async Task<Result<Reader>> RegisterAsync(RegisterReader command, CancellationToken cancellationToken)
    {
        if (State.Registration?.Operation.Id != command.Operation.Id)
        {
            await ResumeAsync(cancellationToken);
            if (State.Knows(command.Operation))
            {
                return State.Reader!;
            }

            if (State.CreatedAt is not null)
            {
                return ReaderRejections.NumberTaken;
            }

            await CommitAsync(ReaderRules.BeginRegistration(State, command, Now), cancellationToken);
        }

        return await FinishRegistrationAsync(command, cancellationToken) is { } refusal ? refusal : State.Reader!;
    }

    // A change that concerns the user as well is written down first, then the user is asked (who may refuse), then it
    // is finished here. Anything else is one write.
    public async Task<Result<Reader>> ChangeAsync(ChangeReader command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (State.Knows(command.Operation))
        {
            return State.Reader!;
        }

        if (ReaderRules.CheckChange(State, this.Number, command, Today, options.Value.MinimumAge) is { } refusal)
        {
            return refusal;
        }

        if (await GrainFactory.AnyUnknownAsync(command.Interests, cancellationToken))
        {
            return ReaderRejections.InterestUnknown;
        }

        if (command.Identity.IsEmpty)
        {
            await CommitAsync(ReaderRules.FinishChange(State, command, user: null, Now), cancellationToken);
            return State.Reader!;
        }

        await CommitAsync(ReaderRules.BeginChange(State, command, Now), cancellationToken);
        return await FinishChangeAsync(command, cancellationToken) is { } userRefusal ? userRefusal : State.Reader!;
    }

    public async Task<Result<Reader>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        return await CommitAsync(
            ReaderRules.RemovePhoto(State, this.Number, operation, Now), state => state.Reader, cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (State.Registration is { } registration)
        {
            await FinishRegistrationAsync(registration, cancellationToken);
        }

        if (State.Change is { } change)
        {
            await FinishChangeAsync(change, cancellationToken);
        }
    }

    public Task<Result<Reader>> GetAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Result<Reader>>(State.Reader is { } reader ? reader : ReaderRejections.Unknown(this.Number));

    protected override Projection? Project(long rowVersion) => ReaderState.Project(Key, rowVersion, State);

    private async Task<Rejection?> FinishRegistrationAsync(RegisterReader command, CancellationToken cancellationToken)
    {
        var user = new RegisterUser(
            command.Operation, command.FullName, command.PasswordHash, [Roles.Reader], this.Number);
        var registered = await GrainFactory.Login(command.Username).RegisterAsync(user, cancellationToken);

        // A repeat that lost its first number registers under a second one; the login knows which of the two is real.
        var rejection = registered.Rejection
            ?? (registered.Value!.Reader == this.Number ? null : UserRejections.UsernameTaken);
        await CommitAsync(
            rejection is null
                ? ReaderRules.FinishRegistration(State, this.Number, registered.Value!.User, Now)
                : ReaderRules.DropRegistration(State),
            cancellationToken);
        return rejection;
    }

    private async Task<Rejection?> FinishChangeAsync(ChangeReader command, CancellationToken cancellationToken)
    {
        var user = await GrainFactory.User(State.Reader!.User)
            .ChangeAsync(new(command.Operation, command.Identity), cancellationToken);
        await CommitAsync(
            user.IsAccepted
                ? ReaderRules.FinishChange(State, command, user.Value, Now)
                : ReaderRules.DropChange(State),
            cancellationToken);
        return user.Rejection;
    }
}

[StatelessWorker]
internal sealed class ReaderRegistrationGrain(IOptions<ReaderOptions> options, LibraryCalendar calendar)
    : Grain, IReaderRegistrationGrain
{
    public async Task<Result<Reader>> RegisterAsync(RegisterReader command, CancellationToken cancellationToken)
    {
        var today = calendar.Today;
        var user = new RegisterUser(command.Operation, command.FullName, command.PasswordHash, [Roles.Reader]);
        var check = await GrainFactory.Login(command.Username).CheckAsync(user, cancellationToken);
        if (check.Earlier is { Reader: { } earlier })
        {
            return await GrainFactory.Reader(earlier).RegisterAsync(command, cancellationToken);
        }

        if (ReaderRules.Check(command.Profile, today, options.Value.MinimumAge) is { } refusal)
        {
            return refusal;
        }

        if (await GrainFactory.AnyUnknownAsync(command.Profile.Interests, cancellationToken))
        {
            return ReaderRejections.InterestUnknown;
        }

        if (check.Refusal is not null)
        {
            return check.Refusal;
        }

        var sequence = await GrainFactory.ReaderNumbers(today.Year).NextAsync(cancellationToken);
        var registered = await GrainFactory.Reader(new(today.Year, sequence)).RegisterAsync(command, cancellationToken);
        if (registered.IsAccepted)
        {
            return registered;
        }

        // Refused because of itself, perhaps: an earlier try, resumed by the sweeper meanwhile, has taken the username.
        check = await GrainFactory.Login(command.Username).CheckAsync(user, cancellationToken);
        return check.Earlier is { Reader: { } first }
            ? await GrainFactory.Reader(first).RegisterAsync(command, cancellationToken)
            : registered;
    }
}

file static class Interests
{
    extension(IGrainFactory grains)
    {
        /// <summary>True when one of the names is no genre of the library.</summary>
        public async Task<bool> AnyUnknownAsync(string[]? names, CancellationToken cancellationToken)
        {
            var genres = await Task.WhenAll(ReaderRules.Interests(names ?? [])
                .Select(name => grains.Genre(name).GetAsync(cancellationToken)));
            return genres.Any(genre => !genre.IsAccepted);
        }
    }
}
