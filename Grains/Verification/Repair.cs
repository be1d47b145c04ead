using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.Grains.Lendings;
using Lms.Grains.Readers;
using Lms.Grains.Users;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Verification;

/// <summary>Mends what was found, through the grains that it belongs to: their rules hold for repairs too.</summary>
internal sealed class Repair(IGrainFactory grains, Reconciler reconciler, ReadModelDatabase readModel)
{
    public async Task MendAsync(IEnumerable<Finding> findings, CancellationToken cancellationToken)
    {
        var mends = findings.Select(finding => finding.Mend).OfType<Mend>().Distinct().ToList();

        // Sequences first: what goes on afterwards may ask them for a number.
        foreach (var mend in mends.OrderByDescending(mend => mend is Mend.Advance))
        {
            await MendAsync(mend, cancellationToken);
        }

        if (mends.OfType<Mend.Rebuild>().Any())
        {
            await readModel.ClearAsync(cancellationToken);
        }

        await reconciler.ReconcileAsync(cancellationToken);
    }

    private Task MendAsync(Mend mend, CancellationToken cancellationToken) => mend switch
    {
        Mend.Advance advance => grains.GetGrain<ISequenceGrain>(advance.Sequence).AdvanceToAsync(advance.Number, cancellationToken),
        Mend.Release release => grains.GetGrain<ICopyGrain>(release.Copy).ReleaseAsync(LendingNumber.Of(release.Lending), cancellationToken),
        Mend.Resume resume => Resumable(resume).ResumeAsync(cancellationToken),
        _ => Task.CompletedTask,
    };

    private IResumable Resumable(Mend.Resume resume) => resume.State switch
    {
        AccountState.Name => grains.GetGrain<ILendingAccountGrain>(resume.Key),
        HoldingsState.Name => grains.GetGrain<IHoldingsGrain>(resume.Key),
        LoginState.Name => grains.GetGrain<ILoginGrain>(resume.Key),
        UserState.Name => grains.GetGrain<IUserGrain>(resume.Key),
        ReaderState.Name => grains.GetGrain<IReaderGrain>(resume.Key),
        _ => throw new ArgumentException($"Nothing goes on in {resume.State}.", nameof(resume)),
    };
}
