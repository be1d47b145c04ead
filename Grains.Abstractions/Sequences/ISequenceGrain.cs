using System.Globalization;

namespace Lms.Grains.Abstractions.Sequences;

/// <summary>Gives out numbers from 1, each once for ever. A crash may leave a gap.</summary>
[Alias("lms.sequence-grain")]
public interface ISequenceGrain : IGrainWithStringKey
{
    [Alias("next")]
    Task<int> NextAsync(CancellationToken cancellationToken = default);

    /// <summary>Never again gives out <paramref name="number"/> or a lower one.</summary>
    [Alias("advance-to")]
    Task AdvanceToAsync(int number, CancellationToken cancellationToken = default);
}

/// <summary>The sequences there are. The only place that knows what their grain keys look like.</summary>
public static class SequenceGrains
{
    public const string Prefix = "seq:";

    public const string AuthorKey = $"{Prefix}author";

    public const string UserKey = $"{Prefix}user";

    public static string ReaderKey(int year) => Yearly("reader", year);

    public static string LendingKey(int year) => Yearly("lending", year);

    extension(IGrainFactory grains)
    {
        public ISequenceGrain AuthorNumbers() => grains.GetGrain<ISequenceGrain>(AuthorKey);

        public ISequenceGrain LocalNumbers() => grains.GetGrain<ISequenceGrain>($"{Prefix}localnumber");

        public ISequenceGrain UserIds() => grains.GetGrain<ISequenceGrain>(UserKey);

        public ISequenceGrain ReaderNumbers(int year) => grains.GetGrain<ISequenceGrain>(ReaderKey(year));

        public ISequenceGrain LendingNumbers(int year) => grains.GetGrain<ISequenceGrain>(LendingKey(year));
    }

    private static string Yearly(string what, int year) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{what}:{year}");
}
