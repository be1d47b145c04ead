using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Cluster;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace Lms.ApiFrontend.Tests.Cache;

/// <summary>How a gateway hears what was written at another one.</summary>
public sealed class RedisBackplaneTests
{
    [Fact]
    public async Task No_thread_waits_until_what_others_say_is_done()
    {
        await using var redis = new CacheRedis("127.0.0.1:1");
        var backplane = new RedisBackplane(redis);
        var (heard, goOn) = (new TaskCompletionSource<string>(), new TaskCompletionSource());
        await backplane.SubscribeAsync(new(
            "lms",
            "me",
            "lms.backplane",
            connectHandler: null,
            _ => Assert.Fail("This one is done when it returns."),
            connectHandlerAsync: null,
            async message =>
            {
                heard.SetResult(message.CacheKey!);
                await goOn.Task;
            }));

        var message = BackplaneMessage.CreateForEntrySet("other", "lms:book:1", DateTimeOffset.UnixEpoch.UtcTicks);
        backplane.OnMessage(RedisChannel.Literal("lms.backplane"), BackplaneMessage.ToByteArray(message));

        Assert.Equal("lms:book:1", await heard.Task);
        goOn.SetResult();
    }
}
