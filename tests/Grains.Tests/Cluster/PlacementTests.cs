using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Lendings;
using Lms.Silo.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Lms.Grains.Tests.Cluster;

/// <summary>Two silos of which one has authors and genres, the other copies; authors are strict.</summary>
public sealed class PlacementTests : IAsyncLifetime
{
    private const string Catalogue = "Silo_0";
    private const string Desk = "Silo_1";

    private readonly TestCluster _cluster = new(silos: 2, configureSilo: (name, silo) =>
    {
        silo.AddPools(new(name == Catalogue ? ["authors", "genres"] : ["copies"], new HashSet<string> { "authors" }));

        // Orleans looks for a place several times, and waits in between.
        silo.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System));
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IGrainFactory Grains => _cluster.Grains;

    public async ValueTask InitializeAsync()
    {
        await _cluster.StartAsync();
        await _cluster.UntilAsync(services =>
        {
            var metadata = services.GetRequiredService<ISiloMetadataCache>();
            return services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Keys
                .All(silo => metadata.GetSiloMetadata(silo).Metadata.ContainsKey(Pools.MetadataKey));
        });
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Grains_are_where_their_service_is()
    {
        var authors = Enumerable.Range(0, 20).Select(_ => Grains.Author(Any.AuthorNumber)).ToList();
        var copies = Enumerable.Range(0, 20).Select(_ => Grains.Copy(Any.Barcode)).ToList();

        await Task.WhenAll(authors.Select(author => author.GetAsync(Token)));
        await Task.WhenAll(copies.Select(copy => copy.GetAsync(Token)));

        Assert.All(authors, author => Assert.Equal(Catalogue, _cluster.SiloOf(author)));
        Assert.All(copies, copy => Assert.Equal(Desk, _cluster.SiloOf(copy)));
    }

    [Fact]
    public async Task Without_its_pool_a_strict_service_is_away_and_every_other_is_not()
    {
        await _cluster.StopSiloAsync(Catalogue);
        var grains = _cluster.Service<IGrainFactory>(); // of the silo that is left: the client may wait for the other
        var (author, genre) = (grains.Author(Any.AuthorNumber), grains.Genre(Any.GenreName));

        var fault = await Assert.ThrowsAsync<GrainFault>(() => author.GetAsync(Token));
        await genre.GetAsync(Token);

        Assert.Equal((FaultKind.Unreachable, true), (fault.Kind, fault.IsRetryable));
        Assert.Equal((null, Desk), (_cluster.SiloOf(author), _cluster.SiloOf(genre)));
    }
}
