using Lms.ApiFrontend.Users;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Users;

public sealed class BootstrapSecretTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BootstrapSecret _secret;

    public BootstrapSecretTests() => _secret = new(Options.Create(new BootstrapOptions()), _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _secret.Dispose();

    [Fact]
    public void Without_a_secret_nothing_is_right() => Assert.All([null, "", "secret"], text => Assert.False(_secret.IsRight(text)));

    [Fact]
    public void A_secret_is_long_and_never_the_same()
    {
        var secrets = Enumerable.Range(0, 10).Select(_ => _secret.Renew().Secret).ToList();

        Assert.Distinct(secrets);
        Assert.All(secrets, secret => Assert.Equal(32, secret.Length));
        Assert.Equal([false, true], secrets.TakeLast(2).Select(_secret.IsRight));
    }

    [Fact]
    public void A_secret_ends_after_an_hour()
    {
        var (secret, end) = _secret.Renew();

        _clock.SetUtcNow(end - TimeSpan.FromTicks(1));
        Assert.True(_secret.IsRight(secret));
        _clock.SetUtcNow(end);
        Assert.False(_secret.IsRight(secret));
    }

    [Fact]
    public async Task Of_many_who_use_it_at_once_one_succeeds_and_a_failure_does_not_use_it_up()
    {
        var secret = _secret.Renew().Secret;
        Assert.False(await UseAsync(secret, works: false));

        var used = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => UseAsync(secret, works: true)));

        Assert.Single(used, isDone => isDone);
        Assert.False(_secret.IsRight(secret));
    }

    private Task<bool> UseAsync(string secret, bool works) => _secret.UseAsync(
        secret,
        async () =>
        {
            await Task.Yield();
            return works;
        },
        hasWorked => hasWorked,
        () => false,
        Token);
}
