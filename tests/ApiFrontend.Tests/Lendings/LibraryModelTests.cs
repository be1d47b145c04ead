using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests.Lendings;

public sealed class LibraryModelTests(LibraryFixture fixture) : GatewayTest
{
    private const int Steps = 80;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    // The seed is in the name of the test: the same one gives the same commands again.
    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Any_sequence_of_commands_leads_where_the_rules_say(int seed) =>
        RunAsync(seed, fixture.Library.GatewayAt(0), faults: 0.05);

    // This gateway gives up soon, so that clients repeat what may still be under way.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task It_does_so_when_clients_must_repeat_what_is_under_way(int seed) =>
        RunAsync(seed, fixture.Impatient, faults: 0.15);

    private async Task RunAsync(int seed, TestGateway gateway, double faults)
    {
        var model = new LibraryModel(fixture.Library, gateway.Anyone.With(fixture.Library.Librarian.Token), gateway, seed);
        await model.SetUpAsync(books: 3, readers: 3);
        using (fixture.Library.Storage.Shake(seed, faults))
        {
            for (var step = 0; step < Steps; step++)
            {
                await model.StepAsync();
            }
        }

        await fixture.Library.CatchUpAsync();
        await model.CompareAsync();
    }
}
