using System.Text.Json.Nodes;
using Lms.Grains.Authors;
using Lms.Grains.Books;
using Lms.Grains.Demo;
using Lms.Grains.Genres;
using Lms.Grains.Imports;
using Lms.Grains.Infrastructure;
using Lms.Grains.Lendings;
using Lms.Grains.Operations;
using Lms.Grains.Photos;
using Lms.Grains.Readers;
using Lms.Grains.Sequences;
using Lms.Grains.Users;
using Orleans.Storage;

namespace Lms.Grains.Tests;

/// <summary>
/// What earlier releases have stored, in their own words. These texts never change; a state that grows gets another one.
/// </summary>
public sealed class StateFormatTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private const string Common =
        """
        "SchemaVersion":1,"CreatedAt":"2026-01-05T09:00:00+00:00","CreatedBy":"3","ChangedAt":"2026-01-06T10:00:00+00:00",
        "ChangedBy":"4","Operations":[{"Id":"a9280b1e-7562-416f-a0c0-3a7713ea33f7","At":"2026-01-05T09:00:00+00:00","Outcome":"2026/2"}]
        """;

    private static readonly Dictionary<Type, string> s_texts = new()
    {
        [typeof(AuthorState)] = Text(
            """
            "Author":{"Number":"12","Name":"Eça","Bio":"<p>Bio</p>","Photo":"ab12","Version":3}
            """),
        [typeof(BookState)] = Text(
            """
            "Book":{"Isbn":"9780306406157","Title":"Os Maias","Genre":"romance","Authors":["12","13"],"Description":"Texto",
              "Photo":"ab12","Version":2,"IsbnAsGiven":"0306406152"},
            "Creation":{"Operation":{"Id":"92ae6080-9a29-4105-bd7b-07805745a7ad","By":"3"},"StartedAt":"2026-01-05T09:00:00+00:00",
              "Book":{"Isbn":"9780306406157","Title":"T","Genre":"conto","Authors":["1"],"Version":0,"IsbnAsGiven":"9780306406157"},
              "GenreSpelling":"Conto","NewAuthors":[{"Number":"1","Name":"Ana","Bio":"Bio"}]}
            """),
        [typeof(LocalNumberState)] = Text(
            """
            "Number":"2000000000015"
            """),
        [typeof(AuthorNameState)] = Text(
            """
            "Number":"12","New":{"Operation":{"Id":"92ae6080-9a29-4105-bd7b-07805745a7ad","By":"3"},"Name":"Eça","Bio":"Bio"}
            """),
        [typeof(ImportState)] = Text(
            """
            "Import":{"Id":"0f8fad5bd9cb469fa16570867728950e",
              "Source":{"Upload":"u1","Format":2,"FileName":"livros.csv","Map":"title=Nome","Name":"Porto","AuthorSeparator":"/"},
              "Status":4,"Read":15,"Created":1,"Updated":2,"Unchanged":3,"Skipped":4,"Failed":5,"Warnings":6,
              "QueuedAt":"2026-01-05T09:00:00+00:00","StartedAt":"2026-01-05T09:00:01+00:00","FinishedAt":"2026-01-05T09:00:02+00:00",
              "Problem":"Gone."}
            """),
        [typeof(ImportNotesState)] = Text(
            """
            "Notes":[{"Record":7,"Offset":5000000000,"Code":"title-missing","Detail":"No title."}]
            """),
        [typeof(UploadChunkState)] = Text(
            """
            "Content":"AQID"
            """),
        [typeof(GenreState)] = Text(
            """
            "Genre":{"Name":"ficcao cientifica","Spelling":"Ficção Científica","Version":1},"IsRetired":true
            """),
        [typeof(ReaderState)] = Text(
            """
            "Reader":{"Number":"2026/1","User":"7","Username":"ana@example.org","FullName":"Ana","BirthDate":"1990-05-17",
              "PhoneNumber":"912345678","Gdpr":true,"Marketing":true,"ThirdParty":true,"Interests":["romance","conto"],"Photo":"ab12","Version":4},
            "Registration":{"Operation":{"Id":"9b363671-aa88-47d0-8df3-0677ab9cf151"},"Username":"ana@example.org","FullName":"Ana",
              "PasswordHash":"hash","Profile":{"BirthDate":"1990-05-17","PhoneNumber":"912345678","Gdpr":true,"Marketing":false,
                "ThirdParty":false,"Interests":["Romance"],"Photo":"ab12"}},
            "Change":{"Operation":{"Id":"9b363671-aa88-47d0-8df3-0677ab9cf151"},"ExpectedVersion":3,"Identity":{"FullName":"Ana",
                "Username":"bia@example.org","PasswordHash":"hash","Roles":["READER"]},"BirthDate":"1990-05-17","PhoneNumber":"212345678",
              "Gdpr":true,"Marketing":false,"ThirdParty":true,"Interests":["Romance"],"Photo":"ab12"},
            "UnfinishedSince":"2026-01-05T09:00:00+00:00"
            """),
        [typeof(UserState)] = Text(
            """
            "User":{"Id":"7","Username":"ana@example.org","FullName":"Ana","Roles":["READER"],"IsEnabled":false,"TokenVersion":2,"Reader":"2026/1"},
            "PasswordHash":"hash","UsernameClaim":"f271c452-619a-4150-ad41-634abfc62c16","RevokedAt":"2026-01-05T09:00:00+00:00",
            "Renaming":{"Change":{"Operation":{"Id":"f271c452-619a-4150-ad41-634abfc62c16"},"Changes":{"Username":"bia@example.org"}},
              "StartedAt":"2026-01-05T09:00:00+00:00","OldUsername":"ana@example.org","OldClaim":"9b363671-aa88-47d0-8df3-0677ab9cf151"}
            """),
        [typeof(LoginState)] = Text(
            """
            "User":"7","Claim":"f271c452-619a-4150-ad41-634abfc62c16","Reader":"2026/1",
            "Registration":{"Operation":{"Id":"9b363671-aa88-47d0-8df3-0677ab9cf151"},"FullName":"Ana","PasswordHash":"hash",
              "Roles":["READER"],"Reader":"2026/1"},
            "ClaimedAt":"2026-01-05T09:00:00+00:00"
            """),
        [typeof(ForbiddenWordsState)] = Text(
            """
            "Words":["Sol","Arco-Íris"]
            """),
        [typeof(KeyRingState)] = Text(
            """
            "Keys":[{"Id":"k1","PublicKey":"AQ==","EncryptedPrivateKey":"Ag==","CreatedAt":"2026-01-05T09:00:00+00:00"}]
            """),
        [typeof(AccountState)] = Text(
            """
            "Entries":[{"Operation":{"Id":"69296725-14ca-47a2-b02d-fd3141d94814","By":"3"},"Number":"2026/1","Isbn":"9780306406157",
              "BookTitle":"Os Maias","ReaderUser":"7","Candidates":["C-1","C-2"],"StartedAt":"2026-01-05T09:00:00+00:00",
              "StartedOn":"2026-01-05","DueOn":"2026-01-20","FinePerDayInCents":200,"Deadline":"2026-01-05T09:00:30+00:00","IsOpen":true,
              "Barcode":"C-2"}]
            """),
        [typeof(LendingState)] = Text(
            """
            "Lending":{"Number":"2026/2","Isbn":"9780306406157","Reader":"2026/1","ReaderUser":"7","BookTitle":"Os Maias","Barcode":"C-2",
              "StartedOn":"2026-01-05","DueOn":"2026-01-20","ReturnedOn":"2026-01-22","FinePerDayInCents":200,"FineInCents":400,
              "Commentary":"Bom","Grade":9,"Version":1},
            "IsVoid":false,"StartedAt":"2026-01-05T09:00:00+00:00","ReturnedAt":"2026-01-22T09:00:00+00:00",
            "LentBy":"a9280b1e-7562-416f-a0c0-3a7713ea33f7"
            """),
        [typeof(CopyState)] = Text(
            """
            "Copy":{"Barcode":"C-2","Isbn":"9780306406157","Branch":"Centro","ShelfMark":"82","Lending":"2026/1","Reader":"2026/1",
              "IsWithdrawn":false,"Version":5},
            "Released":[{"Number":"2025/9","At":"2026-01-05T09:00:00+00:00"}]
            """),
        [typeof(HoldingsState)] = Text(
            """
            "Barcodes":["C-1","C-2"],
            "Adding":{"Operation":{"Id":"14bbbf75-c706-4fc5-9352-7bdf28ebefaf"},"Barcode":"C-3","Branch":"Centro","ShelfMark":"82"},
            "UnfinishedSince":"2026-01-05T09:00:00+00:00",
            "Removing":{"Operation":{"Id":"14bbbf75-c706-4fc5-9352-7bdf28ebefaf"},"Barcode":"C-1"}
            """),
        [typeof(SequenceState)] = Text(
            """
            "Reserved":40
            """),
        [typeof(OperationState)] = Text(
            """
            "Fingerprint":"f","RunningUntil":"2026-01-05T09:00:10+00:00","Identity":"isbn:9780306406157",
            "Outcome":{"Rejection":{"Kind":2,"Code":"book-exists","Detail":"Exists.","Field":"isbn"}}
            """),
        [typeof(PhotoState)] = Text(
            """
            "Photo":{"Content":"AQID","ContentType":"image/png"},"StoredAt":"2026-01-05T09:00:00+00:00"
            """),
        [typeof(DemoState)] = Text(
            """
            "ReferenceDate":"2026-01-05","IsComplete":true
            """),
    };

    /// <summary>What states have grown since their first text.</summary>
    private static readonly (Type Type, string Text)[] s_grown =
    [
        (typeof(AuthorNameState), Text(
            """
            "Number":"12"
            """)),
        (typeof(BookState), Text(
            """
            "Book":{"Isbn":"9780306406157","Title":"Os Maias","Genre":"romance","Authors":["12"],"Version":2,"IsbnAsGiven":"0306406152",
              "Details":{"FullTitle":"Os Maias: episódios","Publisher":"Chardron","Year":1888,"Language":"por","Edition":"1.ª",
                "Series":["Obras"],"Subjects":["Lisboa -- Ficção"],"Pages":458,"Aliases":["9789720706386"]}},
            "Source":{"Leader":"00000nam a2200000 a 4500","Fields":[["001","7"],["24510","aOs Maias","bepisódios"]]},
            "Records":[{"Id":"Porto:7","Import":"0f8fad5bd9cb469fa16570867728950e","Hashes":["ab","cd"]}]
            """)),
        (typeof(BookState), Text(
            """
            "AliasOf":"9780306406157","LocalRecord":"localnumber:ab12"
            """)),
    ];

    public static TheoryData<int> Grown => [.. Enumerable.Range(0, s_grown.Length)];

    public static TheoryData<string> States => [.. s_texts.Keys.Select(type => type.Name)];

    private IGrainStorageSerializer Serializer => Cluster.Service<IGrainStorageSerializer>();

    [Fact]
    public void Every_state_has_a_text() => Assert.Equal(
        typeof(State).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(State))).Select(type => type.Name).Order(),
        s_texts.Keys.Select(type => type.Name).Order());

    [Theory]
    [MemberData(nameof(States))]
    public void What_was_stored_is_read_whole_and_stored_as_it_was(string name)
    {
        var (type, text) = s_texts.Single(entry => entry.Key.Name == name);

        AssertContains(JsonNode.Parse(text)!, ReadAndWritten(type, text), name);
    }

    [Theory]
    [MemberData(nameof(Grown))]
    public void What_a_grown_state_stored_is_read_whole_and_stored_as_it_was(int index)
    {
        var (type, text) = s_grown[index];

        AssertContains(JsonNode.Parse(text)!, ReadAndWritten(type, text), type.Name);
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
        Assert.All(s_texts.Keys.Select(type => ReadAs(type)), state =>
            Assert.Equal((3L, 4L, "2026/2"), (state.CreatedBy?.Value, state.ChangedBy?.Value, Assert.Single(state.Operations).Outcome)));
    }

    [Fact]
    public void A_key_ring_of_a_release_that_rotates_is_read()
    {
        var ring = (KeyRingState)ReadAs(typeof(KeyRingState), Text(
            """
            "Keys":[{"Id":"k2","PublicKey":"AQ==","EncryptedPrivateKey":"Ag==","CreatedAt":"2026-01-05T09:00:00+00:00",
              "SignsFrom":"2026-01-05T09:02:00+00:00"}],
            "Revoked":[{"Id":"k1","CreatedAt":"2026-01-05T09:00:00+00:00","RevokedAt":"2026-01-05T09:01:00+00:00"}]
            """));

        Assert.Equal(new(2026, 1, 5, 9, 2, 0, TimeSpan.Zero), Assert.Single(ring.Keys).SignsFrom);
        Assert.Equal(("k1", new DateTimeOffset(2026, 1, 5, 9, 1, 0, TimeSpan.Zero)), (ring.Revoked[0].Id, ring.Revoked[0].RevokedAt));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_of_a_release_that_knew_less_is_read(string name)
    {
        var type = s_texts.Keys.Single(type => type.Name == name);

        var state = (State)typeof(IGrainStorageSerializer).GetMethod(nameof(Serializer.Deserialize))!.MakeGenericMethod(type)
            .Invoke(Serializer, [new BinaryData("{}")])!;

        Assert.Empty(state.Operations);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_of_a_release_that_knew_more_is_read(string name)
    {
        var (type, text) = s_texts.Single(entry => entry.Key.Name == name);

        var state = (State)typeof(IGrainStorageSerializer).GetMethod(nameof(Serializer.Deserialize))!.MakeGenericMethod(type)
            .Invoke(Serializer, [new BinaryData(text.Insert(1, "\"Future\":{\"a\":[1]},"))])!;

        Assert.Equal(4L, state.ChangedBy?.Value);
    }

    private static string Text(string members) => $"{{{members},{Common}}}";

    private TState Read<TState>() where TState : State => (TState)ReadAs(typeof(TState));

    private State ReadAs(Type type) => ReadAs(type, s_texts[type]);

    private State ReadAs(Type type, string text) =>
        (State)typeof(IGrainStorageSerializer).GetMethod(nameof(Serializer.Deserialize))!.MakeGenericMethod(type)
            .Invoke(Serializer, [new BinaryData(text)])!;

    private JsonNode ReadAndWritten(Type type, string text)
    {
        var read = typeof(IGrainStorageSerializer).GetMethod(nameof(Serializer.Deserialize))!.MakeGenericMethod(type)
            .Invoke(Serializer, [new BinaryData(text)]);
        var written = (BinaryData)typeof(IGrainStorageSerializer).GetMethod(nameof(Serializer.Serialize))!.MakeGenericMethod(type)
            .Invoke(Serializer, [read])!;
        return JsonNode.Parse(written.ToString())!;
    }

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
