using System.Reflection;
using System.Text.Json.Nodes;
using Lms.Grains.Books;
using Lms.Grains.Infrastructure;
using Lms.Grains.Lendings;
using Lms.Grains.Operations;
using Lms.Grains.Photos;
using Lms.Grains.Users;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Lms.Grains.Tests;

/// <summary>What earlier releases have stored is read by this one. A state that grows gets another text.</summary>
public sealed class StateFormatTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly Type[] s_states = [.. typeof(State).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(State)))];

    public static TheoryData<string> Texts => [.. Names()];

    public static TheoryData<string> States => [.. s_states.Select(type => type.Name)];

    private IGrainStorageSerializer Serializer => Cluster.Service<IGrainStorageSerializer>();

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_was_stored_is_read_whole_and_stored_as_it_was(string name) =>
        AssertContains(JsonNode.Parse(Golden.States[name])!, JsonNode.Parse(Write(Read(name)))!, name);

    [Theory]
    [MemberData(nameof(States))]
    public void Every_member_of_a_state_has_been_stored(string name)
    {
        var type = s_states.Single(type => type.Name == name);
        var options = Cluster.Service<IOptions<SystemTextJsonGrainStorageSerializerOptions>>().Value.JsonSerializerOptions;
        var sample = Sample.Of(type, options.GetTypeInfo);
        var stored = Golden.States.Where(text => Golden.StateOf(text.Key) == name).SelectMany(text => Members(JsonNode.Parse(text.Value)!, name));

        var missing = Members(sample, name).Except(stored).ToArray();

        if (missing.Length > 0 && Golden.IsUpdated)
        {
            Golden.AddState(name, sample.ToJsonString());
            return;
        }

        Assert.True(missing.Length == 0, $"No text of {name} has {string.Join(", ", missing)}. {Golden.Refresh}");
    }

    [Fact]
    public void What_was_stored_means_what_it_meant()
    {
        var lending = Read<LendingState>();
        var entry = Assert.Single(Read<AccountState>().Entries);
        var book = Read<BookState>();
        var user = Read<UserState>();

        Assert.Equal((new(2026, 2), new(2026, 1), 400, 9), (lending.Lending!.Number, lending.Lending.Reader, lending.Lending.FineInCents, lending.Lending.Grade));
        Assert.Equal((new DateOnly(2026, 1, 20), new DateOnly(2026, 1, 22)), (lending.Lending.DueOn, lending.Lending.ReturnedOn!.Value));
        Assert.Equal(lending.Operations[0].Id, lending.LentBy);
        Assert.Equal(("C-2", true), (entry.Barcode?.Label, entry.IsOpen));
        Assert.Equal(["C-1", "C-2"], entry.Candidates.Select(copy => copy.Label));
        Assert.Equal([12L, 13L], book.Book!.Authors.Select(author => author.Value));
        Assert.Equal(("9780306406157", "conto"), (book.Book.Isbn.Digits, book.Creation!.Book.Genre.Folded));
        Assert.Equal((7L, false, 2), (user.User!.Id.Value, user.User.IsEnabled, user.User.TokenVersion));
        Assert.Equal("ana@example.org", user.Renaming!.OldUsername?.Email);
        Assert.Equal([1, 2, 3], Read<PhotoState>().Photo!.Content);
        Assert.Equal(Abstractions.RejectionKind.Conflict, Read<OperationState>().Outcome!.Rejection!.Kind);
        Assert.All(s_states.Select(type => Read($"{type.Name}.1")), state =>
            Assert.Equal((3L, 4L, "2026/2"), (state.CreatedBy?.Value, state.ChangedBy?.Value, Assert.Single(state.Operations).Outcome)));
    }

    [Fact]
    public void A_key_ring_of_a_release_that_rotates_is_read()
    {
        var ring = Read<KeyRingState>(2);

        Assert.Equal(new(2026, 1, 5, 9, 2, 0, TimeSpan.Zero), Assert.Single(ring.Keys).SignsFrom);
        Assert.Equal(("k1", new DateTimeOffset(2026, 1, 5, 9, 1, 0, TimeSpan.Zero)), (ring.Revoked[0].Id, ring.Revoked[0].RevokedAt));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_of_a_release_that_knew_less_is_read(string name) =>
        Assert.Empty(Read(s_states.Single(type => type.Name == name), "{}").Operations);

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_state_of_a_release_that_knew_more_is_read(string name)
    {
        var type = s_states.Single(type => type.Name == Golden.StateOf(name));

        var state = Read(type, Golden.States[name].Insert(1, "\"Future\":{\"a\":[1]},"));

        Assert.Equal(Read(name).ChangedBy, state.ChangedBy);
        Assert.NotNull(state.ChangedBy);
    }

    private static IEnumerable<string> Names() => Golden.States.Keys.Order(StringComparer.Ordinal);

    private TState Read<TState>(int number = 1) where TState : State => (TState)Read($"{typeof(TState).Name}.{number}");

    private State Read(string name) => Read(s_states.Single(type => type.Name == Golden.StateOf(name)), Golden.States[name]);

    private State Read(Type type, string text) => (State)Method(nameof(Serializer.Deserialize), type).Invoke(Serializer, [new BinaryData(text)])!;

    private string Write(State state) => Method(nameof(Serializer.Serialize), state.GetType()).Invoke(Serializer, [state])!.ToString()!;

    private static MethodInfo Method(string name, Type type) => typeof(IGrainStorageSerializer).GetMethod(name)!.MakeGenericMethod(type);

    /// <summary>The paths of everything that says something.</summary>
    private static IEnumerable<string> Members(JsonNode node, string path) => node switch
    {
        JsonObject members => members.Where(member => member.Value is not null).SelectMany(member => Members(member.Value!, $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany(item => Members(item!, $"{path}[]")),
        _ => [path],
    };

    /// <summary>Everything that is expected is there; there may be more.</summary>
    private static void AssertContains(JsonNode expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject members:
                Assert.All(members, member => AssertContains(member.Value!, actual?[member.Key], $"{path}.{member.Key}"));
                break;
            case JsonArray items:
                Assert.Equal(items.Count, actual?.AsArray().Count);
                Assert.All(items, (item, index) => AssertContains(item!, actual![index], $"{path}[{index}]"));
                break;
            default:
                Assert.Equal($"{path} = {expected.ToJsonString()}", $"{path} = {actual?.ToJsonString()}");
                break;
        }
    }
}
