using System.Security.Cryptography;
using Lms.ApiFrontend.Security;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class MasterKeyTests
{
    private static readonly byte[] s_secret = "a private key"u8.ToArray();

    private readonly MasterKey _key = new(RandomNumberGenerator.GetBytes(MasterKey.Length));

    [Fact]
    public void What_it_encrypts_it_decrypts_and_never_encrypts_alike()
    {
        var (first, second) = (_key.Encrypt(s_secret), _key.Encrypt(s_secret));

        Assert.Equal(s_secret, _key.Decrypt(first));
        Assert.NotEqual(first, second);
        Assert.DoesNotContain("private", System.Text.Encoding.Latin1.GetString(first), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_decrypts_nothing()
    {
        var other = new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Length));

        Assert.ThrowsAny<CryptographicException>(() => other.Decrypt(_key.Encrypt(s_secret)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(28)]
    public void What_was_changed_is_not_decrypted(int position)
    {
        var changed = _key.Encrypt(s_secret);
        changed[position] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => _key.Decrypt(changed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void It_has_32_bytes(int length) => Assert.Throws<ArgumentException>(() => new MasterKey(new byte[length]));

    [Fact]
    public void Each_purpose_has_a_key_of_its_own()
    {
        Assert.Equal(_key.Derive("operations"), _key.Derive("operations"));
        Assert.NotEqual(_key.Derive("operations"), _key.Derive("key-ring"));
    }

    [Fact]
    public void What_it_signs_it_verifies_for_the_same_purpose_only()
    {
        var signed = _key.Sign("notes", s_secret);

        Assert.Equal(s_secret, _key.Verify("notes", signed));
        Assert.Null(_key.Verify("others", signed));
        Assert.Null(new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Length)).Verify("notes", signed));
        Assert.Empty(_key.Verify("notes", _key.Sign("notes", []))!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(44)]
    public void What_was_changed_or_cut_is_not_verified(int position)
    {
        var signed = _key.Sign("notes", s_secret);
        var changed = signed.ToArray();
        changed[position] ^= 1;

        Assert.Null(_key.Verify("notes", changed));
        Assert.Null(_key.Verify("notes", signed.AsSpan(0, position)));
    }
}
