using System.Security.Cryptography;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Users;
using Microsoft.IdentityModel.Tokens;

namespace Lms.ApiFrontend.Security;

/// <summary>The key ring as this gateway knows it. Made at the first start of a library.</summary>
internal sealed class SigningKeys(IGrainFactory grains, GrainCalls calls, MasterKey masterKey, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(30);

    private volatile Ring? _ring;

    /// <summary>True once tokens can be checked.</summary>
    public bool AreKnown => _ring is not null;

    /// <summary>What checks tokens.</summary>
    public IEnumerable<SecurityKey> PublicKeys => _ring?.Public ?? [];

    /// <summary>What signs tokens: the newest key.</summary>
    public SigningCredentials Signing => _ring?.Signing ?? throw new TimeoutException("The signing keys are not known yet.");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var ring = await calls.ReadAsync(grains.KeyRing(), (grain, token) => grain.GetAsync(token), cancellationToken);
        if (ring.Keys.Length == 0)
        {
            var candidate = NewKey();
            ring = await calls.WriteAsync(
                grains.KeyRing(), (grain, token) => grain.EnsureAsync(candidate, token), cancellationToken);
        }

        Use(ring);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_refresh, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Use(await calls.ReadAsync(grains.KeyRing(), (grain, token) => grain.GetAsync(token), stoppingToken));
            }
            catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
            {
                // The keys that are known stay good; the next tick asks again.
            }
        }
    }

    private void Use(KeyRing ring)
    {
        if (_ring?.Id == ring.Keys[0].Id)
        {
            return;
        }

        var newest = RSA.Create();
        newest.ImportPkcs8PrivateKey(masterKey.Decrypt(ring.Keys[0].EncryptedPrivateKey), out _);
        _ring = new(
            ring.Keys[0].Id,
            [.. ring.Keys.Select(PublicKeyOf)],
            new(new RsaSecurityKey(newest) { KeyId = ring.Keys[0].Id }, SecurityAlgorithms.RsaSha256));
    }

    private SigningKey NewKey()
    {
        using var rsa = RSA.Create(2048);
        return new(
            Guid.NewGuid().ToString("N"),
            rsa.ExportSubjectPublicKeyInfo(),
            masterKey.Encrypt(rsa.ExportPkcs8PrivateKey()),
            clock.GetUtcNow());
    }

    private static RsaSecurityKey PublicKeyOf(SigningKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        return new(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = key.Id };
    }

    private sealed record Ring(string Id, RsaSecurityKey[] Public, SigningCredentials Signing);
}
