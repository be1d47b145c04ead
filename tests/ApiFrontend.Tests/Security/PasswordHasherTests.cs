using Lms.ApiFrontend.Security;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class PasswordHasherTests
{
    private const string Password = "Aa1-secret";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Password, true)]
    [InlineData("Aa1-Secret", false)]
    [InlineData("", false)]
    public async Task A_hash_knows_its_password(string given, bool isRight)
    {
        using var passwords = Hasher();

        Assert.Equal(isRight, await passwords.VerifyAsync(given, await passwords.HashAsync(Password, Token), Token));
    }

    [Fact]
    public async Task A_hash_says_how_it_was_made_and_is_salted()
    {
        using var passwords = Hasher(memoryKiB: 128, passes: 3);

        var hashes = new[] { await passwords.HashAsync(Password, Token), await passwords.HashAsync(Password, Token) };

        Assert.Distinct(hashes);
        Assert.All(hashes, hash => Assert.StartsWith("$argon2id$v=19$m=128,t=3,p=1$", hash, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64, 1, false)]
    [InlineData(64, 2, true)]
    [InlineData(128, 1, true)]
    public async Task What_was_made_otherwise_than_today_is_made_anew_and_still_verifies(int memoryKiB, int passes, bool isWeak)
    {
        using var passwords = Hasher();
        using var earlier = Hasher(memoryKiB, passes);

        var hash = await earlier.HashAsync(Password, Token);

        Assert.Equal(isWeak, passwords.NeedsRehash(hash));
        Assert.True(await passwords.VerifyAsync(Password, hash, Token));
    }

    [Fact]
    public async Task A_hash_of_the_monolith_verifies_and_is_made_anew()
    {
        using var passwords = Hasher();
        var hash = BCrypt.Net.BCrypt.HashPassword(Password, workFactor: 4);

        Assert.True(await passwords.VerifyAsync(Password, hash, Token));
        Assert.False(await passwords.VerifyAsync("Aa1-other", hash, Token));
        Assert.True(passwords.NeedsRehash(hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("{noop}Aa1-secret")]
    [InlineData("$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA")]
    public async Task What_is_no_hash_verifies_nothing(string hash)
    {
        using var passwords = Hasher();

        Assert.False(await passwords.VerifyAsync(Password, hash, Token));
    }

    [Fact]
    public async Task All_cores_but_one_hash_and_so_many_wait_and_the_next_is_refused()
    {
        // Costly, so that none is done before the last one has asked.
        const int waiting = 2;
        using var passwords = Hasher(memoryKiB: 65_536, passes: 20, waiting);
        var atOnce = Math.Max(1, Environment.ProcessorCount - 1);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var hashes = Enumerable.Range(0, atOnce + waiting).Select(_ => passwords.HashAsync(Password, enough.Token)).ToList();

        await Assert.ThrowsAsync<TimeoutException>(() => passwords.HashAsync(Password, Token));
        Assert.All(hashes, hash => Assert.False(hash.IsCompleted));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hashes[^1]);
    }

    private static PasswordHasher Hasher(int memoryKiB = 64, int passes = 1, int waiting = 200) =>
        new(Options.Create(new PasswordOptions { MemoryKiB = memoryKiB, Passes = passes, MaxWaiting = waiting }));
}

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("Abcdefg1", true)]
    [InlineData("Abcdefg-", true)]
    [InlineData("Abcdefg ", true)]
    [InlineData("Ábcdefgh", false)] // no A to Z
    [InlineData("abcdefg1", false)]
    [InlineData("ABCDEFG1", false)]
    [InlineData("Abcdefgh", false)]
    [InlineData("Abcdef1", false)]
    [InlineData("", false)]
    [InlineData("Abcdefg1\n", true)]
    [InlineData("Abcdefg\n", true)]
    public void A_password_has_upper_and_lower_case_and_something_else(string password, bool isGood) =>
        Assert.Equal(isGood, PasswordRules.IsGood(password));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_password_has_an_end(int length, bool isGood) =>
        Assert.Equal(isGood, PasswordRules.IsGood("Aa1".PadRight(length, 'x')));
}
