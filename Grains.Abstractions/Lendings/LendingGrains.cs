using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Readers;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>How lendings, accounts and copies are addressed. The only place that knows what their grain keys look like.</summary>
public static class LendingGrains
{
    public const string LendingPrefix = "lending:";
    public const string AccountPrefix = "account:";
    public const string CopyPrefix = "copy:";
    public const string HoldingsPrefix = "holdings:";

    extension(IGrainFactory grains)
    {
        public ILendingGrain Lending(LendingNumber number) => grains.GetGrain<ILendingGrain>($"{LendingPrefix}{number}");

        public ILendingAccountGrain Account(ReaderNumber reader) =>
            grains.GetGrain<ILendingAccountGrain>($"{AccountPrefix}{reader}");

        public ICopyGrain Copy(Barcode barcode) => grains.GetGrain<ICopyGrain>($"{CopyPrefix}{barcode}");

        public IHoldingsGrain Holdings(Isbn isbn) => grains.GetGrain<IHoldingsGrain>($"{HoldingsPrefix}{isbn}");
    }

    extension(ILendingGrain grain)
    {
        public LendingNumber Number => LendingNumber.Of(grain.GetPrimaryKeyString()[LendingPrefix.Length..]);
    }

    extension(ILendingAccountGrain grain)
    {
        public ReaderNumber Reader => ReaderNumber.Of(grain.GetPrimaryKeyString()[AccountPrefix.Length..]);
    }

    extension(ICopyGrain grain)
    {
        public Barcode Barcode => Barcode.Of(grain.GetPrimaryKeyString()[CopyPrefix.Length..]);
    }

    extension(IHoldingsGrain grain)
    {
        public Isbn Isbn => Isbn.Of(grain.GetPrimaryKeyString()[HoldingsPrefix.Length..]);
    }
}
