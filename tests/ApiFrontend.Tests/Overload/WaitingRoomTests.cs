using Lms.ApiFrontend.Overload;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Overload;

/// <summary>Who gets a place, who waits, and who has waited for long enough.</summary>
public sealed class WaitingRoomTests : IDisposable
{
    private static readonly OverloadOptions s_options = new() { MinRequests = 10, MaxRequests = 10, PlaceTime = TimeSpan.FromHours(1) };
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _clock = new();
    private readonly WaitingRoom _room;

    public WaitingRoomTests() => _room = new(s_options, _clock);

    public static TheoryData<int, int> Shares => new()
    {
        { (int)RequestClass.Desk, 10 },
        { (int)RequestClass.Single, 9 },
        { (int)RequestClass.List, 7 },
        { (int)RequestClass.Report, 5 },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Each_class_has_its_share_of_the_places(int requested, int places)
    {
        var entered = Enumerable.Range(0, 12).Select(_ => Enter((RequestClass)requested)).ToList();

        Assert.Equal(places, entered.Count(entry => entry.IsCompleted));
        Assert.Equal((places, 12 - places), (_room.Taken, _room.Queued));
    }

    [Fact]
    public async Task The_desk_goes_first_and_of_others_the_newest()
    {
        var places = await FillAsync();
        var older = Enter(RequestClass.Single);
        var list = Enter(RequestClass.List);
        var newer = Enter(RequestClass.Single);
        var desk = Enter(RequestClass.Desk);

        foreach (var (turn, next) in new[] { desk, newer, older }.Index())
        {
            Assert.False(next.IsCompleted);

            // The first one takes the place, the others need it to be among the nine of their share.
            foreach (var place in places.GetRange(turn * 2, turn == 0 ? 1 : 2))
            {
                _room.Leave(place, isTimed: false);
            }

            Assert.NotNull(await next.WaitAsync(Cancellation));
        }

        Assert.False(list.IsCompleted);
    }

    [Fact]
    public async Task Who_has_waited_for_long_enough_is_refused()
    {
        await FillAsync();
        var entry = Enter(RequestClass.Desk);

        Pass(s_options.Wait - s_look);
        Assert.False(entry.IsCompleted);

        Pass(s_look);
        Assert.Null(await entry.WaitAsync(Cancellation));
        Assert.Equal(0, _room.Queued);
    }

    [Fact]
    public async Task When_a_queue_is_full_only_the_desk_waits()
    {
        await FillAsync();
        var lists = Crowd(RequestClass.List);
        Assert.All(lists, list => Assert.False(list.IsCompleted));
        Assert.True(_room.IsCrowded);
        var desk = Enter(RequestClass.Desk);

        Assert.True(Enter(RequestClass.Single).IsCompleted);
        Pass(s_look);

        Assert.All(await Task.WhenAll(lists), Assert.Null);
        Assert.False(desk.IsCompleted);
    }

    [Fact]
    public async Task Few_who_wait_for_long_and_many_reports_are_no_crowd()
    {
        await FillAsync();
        var list = Enter(RequestClass.List);
        Pass(s_options.Wait - s_look);
        _ = Crowd(RequestClass.Report);

        Assert.False(_room.IsCrowded);
        Assert.False(list.IsCompleted);
    }

    [Fact]
    public async Task A_pause_of_the_process_is_no_wait()
    {
        await FillAsync();
        var before = Enter(RequestClass.List);
        Pause(5 * s_options.Wait);
        var after = Enter(RequestClass.List);
        Pass(2 * s_look);

        Assert.False(_room.IsCrowded);
        Assert.False(before.IsCompleted);
        Assert.False(after.IsCompleted);

        Pass(s_options.Wait);
        Assert.Null(await before.WaitAsync(Cancellation));
        Assert.Null(await after.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task It_is_crowded_no_more_once_nobody_has_been_refused_for_a_while()
    {
        await FillAsync();
        _ = Crowd(RequestClass.Single);
        Pass(s_look);
        Assert.Equal(0, _room.Queued);

        Pass(s_options.CalmAfter - s_look);
        Assert.True(_room.IsCrowded);

        Pass(s_look);
        Assert.False(_room.IsCrowded);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(20, 10)]
    public async Task In_a_crowd_there_are_fewer_places_and_as_many_as_before_when_it_is_over(int configured, int crowded)
    {
        var options = new OverloadOptions { MinRequests = 10, MaxRequests = 10, CrowdedRequests = configured, MaxWaiting = 0, PlaceTime = TimeSpan.FromHours(1) };
        using var room = new WaitingRoom(options, _clock);
        var hanging = new List<WaitingRoom.Place>();
        while (await room.EnterAsync(RequestClass.Desk, Cancellation) is { } place)
        {
            hanging.Add(place);
        }

        Assert.True(room.IsCrowded);
        for (var slow = 0; slow < 200; slow++)
        {
            Pass(s_look);
            Assert.Null(await room.EnterAsync(RequestClass.List, Cancellation));
            room.Leave(hanging[0], isTimed: true);
            hanging[0] = await room.EnterAsync(RequestClass.Desk, Cancellation) ?? hanging[0];
        }

        Assert.Equal(crowded, room.Limit);
        Pass(options.CalmAfter + s_look);
        Assert.Equal(10, room.Limit);
    }

    [Fact]
    public async Task What_hangs_gives_its_place_back_and_only_once()
    {
        var options = new OverloadOptions { MinRequests = 1, MaxRequests = 1 };
        using var room = new WaitingRoom(options, _clock);
        var hanging = await room.EnterAsync(RequestClass.Desk, Cancellation);
        var next = room.EnterAsync(RequestClass.Desk, Cancellation);
        Pass(options.PlaceTime);
        Assert.NotNull(await next.WaitAsync(Cancellation));

        room.Leave(hanging!, isTimed: true);
        Assert.Equal(1, room.Taken);
    }

    [Fact]
    public async Task Who_has_gone_does_not_wait()
    {
        var places = await FillAsync();
        using var client = new CancellationTokenSource();
        var gone = _room.EnterAsync(RequestClass.Desk, client.Token);
        var next = Enter(RequestClass.Desk);
        await client.CancelAsync();

        Assert.Null(await gone.WaitAsync(Cancellation));
        Assert.Equal(1, _room.Queued);
        _room.Leave(places[0], isTimed: false);
        Assert.NotNull(await next.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Of_each_class_so_many_wait_and_no_more()
    {
        await FillAsync();
        var singles = Enumerable.Range(0, s_options.MaxWaiting + 1).Select(_ => Enter(RequestClass.Single)).ToList();

        Assert.Null(await singles[^1].WaitAsync(Cancellation));
        Assert.DoesNotContain(singles[..^1], single => single.IsCompleted);
        Assert.False(Enter(RequestClass.Desk).IsCompleted);
    }

    public void Dispose() => _room.Dispose();

    private Task<WaitingRoom.Place?> Enter(RequestClass requested) => _room.EnterAsync(requested, Cancellation);

    private async Task<List<WaitingRoom.Place>> FillAsync()
    {
        var places = new List<WaitingRoom.Place>();
        for (var place = 0; place < s_options.MaxRequests; place++)
        {
            places.Add(await Enter(RequestClass.Desk) ?? throw new InvalidOperationException("There is no place."));
        }

        return places;
    }

    /// <summary>As many as may wait, and one more.</summary>
    /// <returns>Who waits.</returns>
    private List<Task<WaitingRoom.Place?>> Crowd(RequestClass requested)
    {
        var waiting = Enumerable.Range(0, s_options.MaxWaiting).Select(_ => Enter(requested)).ToList();
        Assert.True(Enter(requested).IsCompleted);
        return waiting;
    }

    /// <summary>Time passes, and no timer is heard.</summary>
    private void Pause(TimeSpan time)
    {
        var before = _clock.GetTimestamp();
        _clock.AdjustTime(_clock.GetUtcNow() + time);
        Assert.Equal(time, _clock.GetElapsedTime(before));
    }

    /// <summary>Step by step, as time does.</summary>
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += s_look)
        {
            _clock.Advance(s_look);
        }
    }
}
