using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Sequences;

namespace Lms.Grains.Tests.Sequences;

public sealed class SequenceGrainTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private readonly string _key = string.Create(CultureInfo.InvariantCulture, $"{SequenceGrains.Prefix}test:{Any.Number}");

    private ISequenceGrain Sequence => Grains.GetGrain<ISequenceGrain>(_key);

    private int Reserved => Storage.Find<SequenceState>(SequenceState.Name, _key)?.Reserved ?? 0;

    [Fact]
    public async Task Numbers_start_at_one_and_leave_no_gap()
    {
        var numbers = await TakeAsync((SequenceGrain.Block * 2) + 1);

        Assert.Equal(Enumerable.Range(1, (SequenceGrain.Block * 2) + 1), numbers);
    }

    [Fact]
    public async Task Many_at_once_get_a_number_each()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Sequence.NextAsync(Token)));

        Assert.Equal(Enumerable.Range(1, 200), numbers.Order());
    }

    [Fact]
    public async Task One_write_reserves_a_block()
    {
        await TakeAsync(SequenceGrain.Block);

        Assert.Single(Storage.Writes, write => write.Key == _key);
    }

    [Fact]
    public async Task An_orderly_end_gives_the_rest_of_the_block_back()
    {
        await TakeAsync(3);

        await Cluster.ForgetAsync(Sequence);

        Assert.Equal(3, Reserved);
        Assert.Equal(4, await Sequence.NextAsync(Token));
    }

    [Theory]
    [InlineData(Cut.WriteFails, 1)]
    [InlineData(Cut.Conflict, 1)]
    [InlineData(Cut.ReplyIsLost, SequenceGrain.Block + 1)]
    public async Task A_block_that_was_cut_short_leaves_a_gap_at_most(Cut cut, int next)
    {
        Storage.Interrupt(cut, SequenceState.Name, _key);
        await Assert.ThrowsAsync<GrainFault>(() => Sequence.NextAsync(Token));

        Assert.Equal(next, await Sequence.NextAsync(Token));
    }

    [Fact]
    public async Task A_rest_that_cannot_be_given_back_leaves_a_gap_and_no_duplicate()
    {
        await TakeAsync(3);
        Storage.FailWrite(SequenceState.Name, _key);

        await Cluster.ForgetAsync(Sequence);

        Assert.Equal(SequenceGrain.Block + 1, await Sequence.NextAsync(Token));
    }

    [Fact]
    public async Task A_sequence_that_was_replaced_gives_out_no_number_of_its_successor()
    {
        await TakeAsync(SequenceGrain.Block - 1);
        var successor = new SequenceState { Reserved = SequenceGrain.Block * 2 };
        Storage.Overwrite(SequenceState.Name, _key, successor);

        Assert.Equal(SequenceGrain.Block, await Sequence.NextAsync(Token));
        var fault = await Assert.ThrowsAsync<GrainFault>(() => Sequence.NextAsync(Token));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.Equal((SequenceGrain.Block * 2) + 1, await Sequence.NextAsync(Token));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(10, 11)]
    [InlineData(1000, 1001)]
    public async Task Advancing_skips_numbers_and_never_goes_back(int to, int next)
    {
        await TakeAsync(3);

        await Sequence.AdvanceToAsync(to, Token);

        Assert.Equal(next, await Sequence.NextAsync(Token));
    }

    [Fact]
    public async Task What_was_skipped_stays_skipped_in_the_next_activation()
    {
        await Sequence.AdvanceToAsync(1000, Token);
        await Cluster.ForgetAsync(Sequence);

        Assert.Equal(1001, await Sequence.NextAsync(Token));
    }

    private async Task<int[]> TakeAsync(int count)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = await Sequence.NextAsync(Token);
        }

        return numbers;
    }
}
