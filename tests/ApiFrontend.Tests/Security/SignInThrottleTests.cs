using System.Globalization;
using System.Net;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class SignInThrottleTests
{
    private const string Ana = "ana@example.org";

    private static readonly IPAddress s_home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_elsewhere = IPAddress.Parse("198.51.100.7");

    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly SignInOptions _options = new();

    private SignInThrottle? _throttle;

    private SignInThrottle Throttle => _throttle ??= new(Options.Create(_options), _clock);

    [Fact]
    public void A_few_wrong_passwords_are_free_and_each_further_one_doubles_the_wait_up_to_an_end()
    {
        _options.MaxDelay = TimeSpan.FromSeconds(100);
        Fail(Ana, s_home, 5);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            Fail(Ana, s_home, 1);
            waits.Add(Wait(Ana, s_home).TotalSeconds);
            _clock.Advance(Wait(Ana, s_home));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 100, 100, 100, 100, 100], waits);
    }

    [Fact]
    public void The_right_password_waits_too_and_after_it_all_is_forgotten()
    {
        Fail(Ana, s_home, 6);
        Assert.False(Throttle.Admit(Ana, s_home).IsAdmitted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Succeed(Ana, s_home);

        Fail(Ana, s_home, 5);
        Assert.Equal(TimeSpan.Zero, Wait(Ana, s_home));
    }

    [Fact]
    public void Failures_are_forgotten_one_after_another()
    {
        Fail(Ana, s_home, 5);
        _clock.Advance(_options.Forget / 5 * 2);

        Fail(Ana, s_home, 2);

        Assert.Equal(TimeSpan.Zero, Wait(Ana, s_home));
        Fail(Ana, s_home, 1);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(Ana, s_home));
    }

    [Fact]
    public void A_stranger_never_keeps_the_owner_out()
    {
        for (var i = 0; i < 200; i++)
        {
            Fail(Ana, s_elsewhere, 1);
            _clock.Advance(Wait(Ana, s_elsewhere));
        }

        Assert.True(Wait("rui@example.org", s_home) == TimeSpan.Zero && Wait(Ana, s_home) == TimeSpan.Zero);
    }

    [Fact]
    public void One_address_that_fails_at_many_accounts_waits_at_all_but_those_it_has_signed_in_to()
    {
        Succeed(Ana, s_home);

        for (var i = 0; i <= _options.FreeFailuresOfAddress; i++)
        {
            Fail($"reader{i}@example.org", s_home, 1);
        }

        Assert.True(Wait("rui@example.org", s_home) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, Wait(Ana, s_home));
        Assert.Equal(TimeSpan.Zero, Wait("rui@example.org", s_elsewhere));
    }

    [Fact]
    public void An_address_does_not_buy_itself_free_with_an_account_of_its_own()
    {
        for (var i = 0; i <= _options.FreeFailuresOfAddress; i++)
        {
            Fail($"reader{i}@example.org", s_home, 1);
            Succeed("own@example.org", s_home);
        }

        Assert.True(Wait(Ana, s_home) > TimeSpan.Zero);
    }

    [Fact]
    public void An_account_that_fails_from_many_addresses_makes_only_those_wait_that_have_never_signed_in_to_it()
    {
        Succeed(Ana, s_home);

        for (var i = 0; i <= _options.FreeAddresses; i++)
        {
            Fail(Ana, IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"203.0.113.{i}")), 1);
        }

        Assert.True(Wait(Ana, s_elsewhere) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, Wait(Ana, s_home));
        Assert.Equal(TimeSpan.Zero, Wait("rui@example.org", s_elsewhere));
    }

    [Fact]
    public void Guesses_that_are_sent_all_at_once_are_few_and_fewer_after_the_first()
    {
        Assert.Equal(20, AdmittedAtOnce(Ana, 100));
        _clock.Advance(_options.MaxDelay);
        Assert.Equal(1, AdmittedAtOnce(Ana, 100));
    }

    [Fact]
    public void One_address_has_only_so_many_passwords_checked_at_once()
    {
        var attempts = Enumerable.Range(0, 150).Select(i => Throttle.Admit($"reader{i}@example.org", s_home)).ToList();

        Assert.Equal(_options.AtOnce, attempts.Count(attempt => attempt.IsAdmitted));
        attempts.ForEach(attempt => attempt.Dispose());
        using var next = Throttle.Admit(Ana, s_home);
        Assert.True(next.IsAdmitted);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_that_one_subscriber_has_count_as_one(string one, string other, bool isSame)
    {
        Fail(Ana, IPAddress.Parse(one), 6);

        Assert.Equal(isSame, Wait(Ana, IPAddress.Parse(other)) > TimeSpan.Zero);
    }

    [Fact]
    public void However_many_names_and_addresses_come_no_more_are_remembered_than_allowed()
    {
        _options.Remembered = 50;

        for (var i = 0; i < 1_000; i++)
        {
            var address = new IPAddress(BitConverter.GetBytes(i + 1));
            Fail($"reader{i}@example.org", address, 1);
            Succeed($"reader{i}@example.org", address);
        }

        Assert.Equal(50, Throttle.Count);
    }

    private int AdmittedAtOnce(string account, int guesses)
    {
        var attempts = Enumerable.Range(0, guesses).Select(_ => Throttle.Admit(account, s_home)).ToList();
        var admitted = attempts.Where(attempt => attempt.IsAdmitted).ToList();
        admitted.ForEach(attempt => attempt.Fail());
        attempts.ForEach(attempt => attempt.Dispose());
        return admitted.Count;
    }

    private void Fail(string account, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var attempt = Throttle.Admit(account, address);
            if (attempt.IsAdmitted)
            {
                attempt.Fail();
            }
        }
    }

    private void Succeed(string account, IPAddress address)
    {
        using var attempt = Throttle.Admit(account, address);
        Assert.True(attempt.IsAdmitted);
        attempt.Succeed();
    }

    private TimeSpan Wait(string account, IPAddress address)
    {
        using var attempt = Throttle.Admit(account, address);
        return attempt.Wait;
    }
}

/// <summary>The same over HTTP.</summary>
public sealed class SignInThrottlingTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task After_a_few_wrong_passwords_known_and_unknown_users_are_told_alike_to_wait()
    {
        var gateway = await Library.StartGatewayAsync();
        var known = (await Library.AddReaderAsync()).Username;

        foreach (var username in new[] { known, Any.Email })
        {
            for (var i = 0; i < 6; i++)
            {
                Expect.Empty(401, await SignInAsync(gateway, username, "Aa1-wrong"));
            }

            var refused = await SignInAsync(gateway, username, TestLibrary.Password);
            Expect.Error(429, "Too many requests", refused);
            Assert.Equal(("1", "sign-in-throttled"), (refused.Header("Retry-After"), refused.Header("Lms-Code")));
        }
    }

    [Fact]
    public async Task The_right_password_is_let_in_from_another_address_and_however_often()
    {
        var gateway = await Library.StartGatewayAsync();
        var username = (await Library.AddReaderAsync()).Username;
        for (var i = 0; i < 7; i++)
        {
            await SignInAsync(gateway, username, "Aa1-wrong");
        }

        for (var i = 0; i < 30; i++)
        {
            Expect.Status(200, await SignInAsync(gateway, username, TestLibrary.Password, ("X-Forwarded-For", "192.0.2.9")));
        }

        Expect.Status(429, await SignInAsync(gateway, username, TestLibrary.Password));
    }

    private static Task<Answer> SignInAsync(
        TestGateway gateway, string username, string password, params (string, string)[] headers) =>
        gateway.Anyone.PostAsync("/api/public/login", new { username, password }, headers);
}
