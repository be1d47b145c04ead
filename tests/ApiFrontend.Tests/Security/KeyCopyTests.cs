using System.Reflection;
using System.Text;
using Lms.ApiFrontend.Cluster;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>Gateways that start while no silo answers, and what they know of the keys.</summary>
public sealed class KeyCopyTests(LibraryFixture fixture) : GatewayTest, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-keys-");
    private readonly SharedNotes _notes = new();

    private TestLibrary Library => fixture.Library;

    private string KeyFile => Path.Combine(_directory.FullName, "keys");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task With_the_file_it_is_ready_checks_tokens_and_signs_people_in()
    {
        await LeaveCopiesAsync();
        _notes.Left.Clear();
        await Library.CatchUpAsync();
        var username = Any.Email;
        Expect.Status(200, await Library.Admin.PostAsync(
            "/api/admin/users", new { username, password = TestLibrary.Password, name = "Ana Bela", role = "LIBRARIAN" }));
        await Library.CatchUpAsync();

        var gateway = await StartWithoutSilosAsync();

        Expect.Status(200, await gateway.Anyone.GetAsync("/health/ready"));
        Expect.Status(200, await gateway.Anyone.With(Library.Librarian.Token).GetAsync("/api/genres"));

        // Not those of the library now: other tests may have keys replaced meanwhile.
        var kept = Assert.Single(await gateway.App.Services.GetRequiredService<KeyCopies>().FindAsync());
        Assert.Equal(kept.Keys.Select(key => key.Id).Order(StringComparer.Ordinal), await PublishedAsync(gateway.Anyone));
        var signedIn = await gateway.Anyone.PostAsync("/api/public/login", new { username, password = TestLibrary.Password });
        Expect.Status(200, signedIn);
        Assert.Equal(Degradation.ReadModel, signedIn.Header(Degradation.Header));
        Expect.Status(200, await Library.Anyone.With(signedIn.Header("Authorization")).GetAsync("/api/genres"));
        await gateway.App.StopAsync(Token);
    }

    [Fact]
    public async Task With_the_note_alone_it_is_ready_and_checks_tokens_but_gives_none()
    {
        await LeaveCopiesAsync();
        File.Delete(KeyFile);
        await Library.CatchUpAsync();

        var gateway = await StartWithoutSilosAsync();

        Expect.Status(200, await gateway.Anyone.GetAsync("/health/ready"));
        Expect.Status(200, await gateway.Anyone.With(Library.Librarian.Token).GetAsync("/api/genres"));
        var username = new JsonWebToken(Library.Librarian.Token).Subject.Split(',')[1];
        var answer = await gateway.Anyone.PostAsync("/api/public/login", new { username, password = TestLibrary.Password });
        Expect.Error(503, "Service unavailable", answer);
        Assert.NotNull(answer.Header("Retry-After"));
        await gateway.App.StopAsync(Token);
    }

    [Fact]
    public async Task A_token_of_a_key_that_is_not_in_the_copy_is_not_called_bad()
    {
        await LeaveCopiesAsync();
        var gateway = await StartWithoutSilosAsync();
        var header = Convert.ToBase64String("""{"alg":"RS256","typ":"JWT","kid":"of-a-newer-ring"}"""u8).TrimEnd('=');
        var unknown = $"{header}.{Library.Librarian.Token!.Split('.')[1]}.{Library.Librarian.Token.Split('.')[2]}";

        var answer = await gateway.Anyone.With(unknown).GetAsync("/api/genres");

        Expect.Status(503, answer);
        await gateway.App.StopAsync(Token);
    }

    [Fact]
    public async Task What_was_not_written_with_the_master_key_is_no_key()
    {
        await LeaveCopiesAsync();
        var good = await File.ReadAllBytesAsync(KeyFile, Token);
        byte[][] bad =
        [
            [.. good[..^2], (byte)(good[^2] ^ 1), good[^1]],
            new MasterKey(new byte[MasterKey.Length]).Sign("key-ring-copy", good.AsSpan(32)),
            TestLibrary.MasterKey.Sign("revocations", good.AsSpan(32)),
            [],
        ];

        foreach (var copy in bad)
        {
            await File.WriteAllBytesAsync(KeyFile, copy, Token);
            _notes.Left[KeyCopies.Note] = copy;
            var gateway = Library.GatewayAt(0);
            var copies = ActivatorUtilities.CreateInstance<KeyCopies>(
                gateway.App.Services, _notes, Microsoft.Extensions.Options.Options.Create(new KeyOptions { File = KeyFile }));
            Assert.Empty(await copies.FindAsync());
        }
    }

    [Fact]
    public async Task Private_parts_are_encrypted_in_the_file_and_nowhere_else()
    {
        await LeaveCopiesAsync();

        var note = Encoding.UTF8.GetString(TestLibrary.MasterKey.Verify("key-ring-copy", _notes.Left[KeyCopies.Note])!);

        Assert.Contains("\"EncryptedPrivateKey\":\"\"", note, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"EncryptedPrivateKey\":\"[^\"]", note);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_keeps_no_gateway_from_working()
    {
        var gateway = await Library.StartGatewayAsync(settings: ("Lms:Keys:File", Path.Combine(_directory.FullName, "none", "keys")));

        Expect.Status(200, await gateway.Anyone.With(Library.Librarian.Token).GetAsync("/api/genres"));
        await gateway.App.StopAsync(Token);
    }

    /// <summary>The names of the keys that somebody tells.</summary>
    private static async Task<IEnumerable<string>> PublishedAsync(Client client)
    {
        var keys = Expect.Status(200, await client.GetAsync("/.well-known/jwks.json")).Json.GetProperty("keys");
        return keys.EnumerateArray().Select(key => key.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal);
    }

    /// <summary>A gateway that met the silos, and has gone.</summary>
    private async Task LeaveCopiesAsync()
    {
        var gateway = await Library.StartGatewayAsync(
            services => services.AddSingleton<IGatewayNotes>(_notes), settings: ("Lms:Keys:File", KeyFile));
        await gateway.App.StopAsync(Token);
    }

    private Task<TestGateway> StartWithoutSilosAsync() => Library.StartGatewayAsync(
        services => services.AddSingleton<IGatewayNotes>(_notes)
            .Replace(ServiceDescriptor.Singleton(DispatchProxy.Create<IGrainFactory, NoSilos>())),
        settings: ("Lms:Keys:File", KeyFile));

    /// <summary>As a gateway that has met no silo yet has them.</summary>
    public class NoSilos : DispatchProxy
    {
        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) =>
            throw new GrainFault(FaultKind.Unreachable, "No silo lives.");
    }
}
