using Lms.ApiFrontend.Resilience;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Resilience;

public sealed class RequestTimeTests
{
    private static readonly TimeSpan s_whole = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task All_calls_of_a_request_share_its_time_from_the_first_one_on() => await RequestTime.UseAsync(
        new DefaultHttpContext(),
        async _ =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1)); // a file is received
            Assert.Equal(s_whole, RequestTime.Left(s_whole, _clock));

            _clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(TimeSpan.FromSeconds(2), RequestTime.Left(s_whole, _clock));
            await Task.Yield();
            Assert.Equal(TimeSpan.FromSeconds(1), RequestTime.Left(TimeSpan.FromSeconds(4), _clock));

            _clock.Advance(TimeSpan.FromSeconds(9));
            Assert.InRange(RequestTime.Left(s_whole, _clock), TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(1));
            RequestTime.Extend(TimeSpan.FromSeconds(8));
            Assert.Equal(TimeSpan.FromSeconds(1), RequestTime.Left(s_whole, _clock));
        });

    [Fact]
    public async Task Requests_and_what_belongs_to_none_have_their_own()
    {
        await RequestTime.UseAsync(new DefaultHttpContext(), _ =>
        {
            RequestTime.Left(s_whole, _clock);
            return Task.CompletedTask;
        });
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(s_whole, RequestTime.Left(s_whole, _clock));
        await RequestTime.UseAsync(new DefaultHttpContext(), _ =>
        {
            Assert.Equal(s_whole, RequestTime.Left(s_whole, _clock));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task What_a_client_has_waited_for_its_turn_is_taken_from_its_patience()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[RequestTime.Header] = "1500";

        await RequestTime.UseAsync(http, _ =>
        {
            Assert.Equal(TimeSpan.FromMilliseconds(1_500), RequestTime.Patience);
            RequestTime.Waited(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.FromMilliseconds(500), RequestTime.Left(s_whole, _clock));
            return Task.CompletedTask;
        });
        await RequestTime.UseAsync(new DefaultHttpContext(), _ =>
        {
            RequestTime.Waited(TimeSpan.FromSeconds(1));
            Assert.Equal(s_whole, RequestTime.Left(s_whole, _clock));
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData("1500", 1_500)]
    [InlineData("9000", 5_000)] // no client has more than there is
    [InlineData("soon", 5_000)]
    [InlineData("-1", 5_000)]
    public async Task A_client_that_waits_for_less_is_not_kept_waiting(string header, int milliseconds)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[RequestTime.Header] = header;

        await RequestTime.UseAsync(http, _ =>
        {
            Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RequestTime.Left(s_whole, _clock));
            return Task.CompletedTask;
        });
    }
}
