using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;
using Lms.Grains.Tests.Imports;

namespace Lms.Grains.Tests.Authors;

/// <summary>Imports know one author by a name, however it is spelled and whatever breaks.</summary>
public sealed class AuthorNameGrainTests(ClusterFixture fixture) : ImportTest(fixture)
{
    [Fact]
    public async Task Spellings_of_one_name_that_race_are_one_author()
    {
        var number = Any.Number;
        string[] spellings = [$"José Águas {number}", $"JOSÉ ÁGUAS {number}", $"Jose Aguas {number}"];

        var numbers = await Task.WhenAll(Enumerable.Range(0, 30).Select(index => EnsureAsync(spellings[index % 3])));

        Assert.Single(numbers.Distinct());
        Assert.Equal(1, AuthorsNamed(spellings[0]));
    }

    [Fact]
    public async Task An_author_who_was_there_before_is_the_author()
    {
        var (known, name) = (Any.AuthorNumber, $"Antónia Nobre {Any.Number}");
        await Grains.Author(known).CreateAsync(new(Any.Operation, name, "Bio", null), Token);

        Assert.Equal(known, await EnsureAsync(name.ToUpperInvariant()));
        Assert.Equal(1, AuthorsNamed(name));
    }

    [Theory]
    [InlineData(AuthorNameState.Name, Cut.WriteFails)]
    [InlineData(AuthorNameState.Name, Cut.ReplyIsLost)]
    [InlineData(AuthorNameState.Name, Cut.Conflict)]
    [InlineData(AuthorState.Name, Cut.WriteFails)]
    [InlineData(AuthorState.Name, Cut.ReplyIsLost)]
    [InlineData(AuthorState.Name, Cut.Conflict)]
    public async Task A_crash_between_claim_and_author_leaves_one_author(string state, Cut cut)
    {
        var name = $"Rosa Lobato {Any.Number}";
        Storage.Interrupt(cut, state);
        await Assert.ThrowsAsync<GrainFault>(() => EnsureAsync(name));
        await Cluster.ForgetAsync(Grains.AuthorName(name));

        var number = await EnsureAsync(name.ToLowerInvariant());

        var author = (await Grains.Author(number).GetAsync(Token)).Value;
        Assert.Equal(name, author?.Name, ignoreCase: true);
        Assert.Equal(1, AuthorsNamed(name));
    }

    [Fact]
    public async Task An_imported_name_may_be_no_name_for_a_form_and_the_bio_can_be_changed()
    {
        var name = $"O'Neill, Alexandre (1924-1986) & {Any.Number}";
        var number = await EnsureAsync(name);

        var bio = await Grains.Author(number).ChangeAsync(new(Any.Operation, 0, Name: null, Bio: "Poeta.", Photo: null), Token);
        var renamed = await Grains.Author(number).ChangeAsync(new(Any.Operation, 1, Name: name, Bio: null, Photo: null), Token);

        Assert.Equal((name, "Poeta.", 1), (bio.Value!.Name, bio.Value.Bio, bio.Value.Version));
        Assert.False(renamed.IsAccepted);
    }

    private Task<AuthorNumber> EnsureAsync(string name) => Grains.AuthorName(name).EnsureAsync(Any.Operation, name, "Bio", Token);
}
