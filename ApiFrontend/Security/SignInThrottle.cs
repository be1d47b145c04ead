using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>Makes guessing passwords slow, in the memory of this gateway. Never asks whether the account exists.</summary>
/// <remarks>
/// Failures count for the account at the address, and for the address. An account that fails from many addresses makes
/// those wait from which nobody has signed in to it; who signs in where he always does is not disturbed by strangers.
/// </remarks>
internal sealed class SignInThrottle(IOptions<SignInOptions> options, TimeProvider clock)
{
    /// <summary>Of the refusal, for clients.</summary>
    public const string Code = "sign-in-throttled";

    /// <summary>One person does not sign in more often at the same moment; programs of one may.</summary>
    private const int AtOnceBeforeAnyFailed = 20;

    private readonly SignInOptions _options = options.Value;
    private readonly Lock _lock = new();

    // Names and addresses are not kept: only what cannot be turned back into them, and of one size.
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);

    private readonly Memory<Failures> _pairs = new(options.Value.Remembered);
    private readonly Memory<Failures> _addresses = new(options.Value.Remembered);
    private readonly Memory<Failures> _accounts = new(options.Value.Remembered);
    private readonly Memory<bool> _welcome = new(options.Value.Remembered);

    /// <summary>Asks before a password is checked. Whoever is admitted tells how it ended.</summary>
    public SignInAttempt Admit(string account, IPAddress? address)
    {
        var network = NetworkOf(address);
        var keys = new Keys(Key("pair", account, network), Key("address", network), Key("account", account));
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var isWelcome = _welcome.Find(keys.Pair, out _);
            var wait = WaitOf(_pairs, keys.Pair, now);
            if (!isWelcome)
            {
                wait = Max(wait, Max(WaitOf(_addresses, keys.Address, now), WaitOf(_accounts, keys.Account, now)));
            }

            if (wait > TimeSpan.Zero)
            {
                return new(this, keys, wait);
            }

            var (pair, atAddress) = (_pairs.GetValueOrDefault(keys.Pair), _addresses.GetValueOrDefault(keys.Address));
            if (pair.Checking >= AtOnceOf(pair, now) || atAddress.Checking >= _options.AtOnce)
            {
                return new(this, keys, _options.FirstDelay);
            }

            _pairs.Set(keys.Pair, pair with { Checking = pair.Checking + 1 });
            _addresses.Set(keys.Address, atAddress with { Checking = atAddress.Checking + 1 });
            return new(this, keys, TimeSpan.Zero);
        }
    }

    /// <summary>One IPv4 address, or the 64 bits of an IPv6 address that whoever has one has all of.</summary>
    public static byte[] NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return [];
        }

        var known = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = known.GetAddressBytes();
        return known.AddressFamily == AddressFamily.InterNetworkV6 ? bytes[..8] : bytes;
    }

    /// <summary>How many accounts, addresses and pairs are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(Math.Max(_pairs.Count, _addresses.Count), Math.Max(_accounts.Count, _welcome.Count));
            }
        }
    }

    private void Succeed(Keys keys)
    {
        lock (_lock)
        {
            _pairs.Set(keys.Pair, new() { Checking = _pairs.GetValueOrDefault(keys.Pair).Checking });
            _welcome.Set(keys.Pair, true);
        }
    }

    private void Fail(Keys keys)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var pair = _pairs.GetValueOrDefault(keys.Pair);
            _pairs.Set(keys.Pair, Failed(pair, _options.FreeFailures, now));
            _addresses.Set(keys.Address, Failed(_addresses.GetValueOrDefault(keys.Address), _options.FreeFailuresOfAddress, now));

            // Each address counts once, so that one of them never makes another one wait.
            if (pair.Count == 0)
            {
                _accounts.Set(keys.Account, Failed(_accounts.GetValueOrDefault(keys.Account), _options.FreeAddresses, now));
            }
        }
    }

    private void Leave(Keys keys)
    {
        lock (_lock)
        {
            Leave(_pairs, keys.Pair);
            Leave(_addresses, keys.Address);
        }
    }

    private static void Leave(Memory<Failures> memory, UInt128 key)
    {
        if (!memory.Find(key, out var entry))
        {
            return;
        }

        if (entry is { Count: 0, Checking: <= 1 })
        {
            memory.Remove(key);
            return;
        }

        memory.Set(key, entry with { Checking = Math.Max(0, entry.Checking - 1) });
    }

    // Guesses that are sent all at once are not known to be wrong yet; after the first wrong ones there are fewer.
    private int AtOnceOf(Failures pair, DateTimeOffset now) => Remaining(pair, _options.FreeFailures, now) is var failures and >= 1
        ? Math.Max(1, _options.FreeFailures - (int)Math.Ceiling(failures))
        : Math.Min(_options.AtOnce, AtOnceBeforeAnyFailed);

    private double Remaining(Failures failures, int free, DateTimeOffset now) =>
        Math.Max(0, failures.Count - Math.Max(0, (now - failures.At) / _options.Forget * free));

    private Failures Failed(Failures before, int free, DateTimeOffset now)
    {
        var count = Remaining(before, free, now) + 1;
        var delay = count <= free
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(
                _options.MaxDelay.TotalSeconds, _options.FirstDelay.TotalSeconds * Math.Pow(2, Math.Ceiling(count - free) - 1)));
        return before with { Count = count, At = now, Until = now + delay };
    }

    private static TimeSpan WaitOf(Memory<Failures> memory, UInt128 key, DateTimeOffset now) =>
        memory.Find(key, out var failures) ? failures.Until - now : TimeSpan.Zero;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private UInt128 Key(string purpose, params ReadOnlySpan<object> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _salt);
        hash.AppendData(Encoding.UTF8.GetBytes(purpose));
        foreach (var part in parts)
        {
            var bytes = part as byte[] ?? Encoding.UTF8.GetBytes((string)part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return BitConverter.ToUInt128(hash.GetHashAndReset());
    }

    /// <summary>One sign-in. <see cref="Wait"/> is how long it has to wait; zero when it is admitted.</summary>
    internal readonly struct SignInAttempt(SignInThrottle throttle, Keys keys, TimeSpan wait) : IDisposable
    {
        public TimeSpan Wait => wait;

        public bool IsAdmitted => wait <= TimeSpan.Zero;

        public void Succeed() => throttle.Succeed(keys);

        public void Fail() => throttle.Fail(keys);

        public void Dispose()
        {
            if (IsAdmitted)
            {
                throttle.Leave(keys);
            }
        }
    }

    internal readonly record struct Keys(UInt128 Pair, UInt128 Address, UInt128 Account);

    /// <param name="Count">Failures, less those that are forgotten.</param>
    /// <param name="At">When the last one was.</param>
    /// <param name="Until">Nobody is admitted before.</param>
    /// <param name="Checking">Passwords that are being checked.</param>
    private readonly record struct Failures(double Count, DateTimeOffset At, DateTimeOffset Until, int Checking);

    /// <summary>What was written last, up to a number; what was written longest ago goes first.</summary>
    private sealed class Memory<T>(int capacity)
        where T : struct
    {
        private readonly Dictionary<UInt128, LinkedListNode<(UInt128 Key, T Value)>> _entries = [];
        private readonly LinkedList<(UInt128 Key, T Value)> _byAge = new();

        public int Count => _entries.Count;

        public bool Find(UInt128 key, out T value)
        {
            var isThere = _entries.TryGetValue(key, out var node);
            value = isThere ? node!.Value.Value : default;
            return isThere;
        }

        public T GetValueOrDefault(UInt128 key) => Find(key, out var value) ? value : default;

        public void Set(UInt128 key, T value)
        {
            Remove(key);
            if (_entries.Count >= capacity)
            {
                Remove(_byAge.First!.Value.Key);
            }

            _entries[key] = _byAge.AddLast((key, value));
        }

        public void Remove(UInt128 key)
        {
            if (_entries.Remove(key, out var node))
            {
                _byAge.Remove(node);
            }
        }
    }
}
