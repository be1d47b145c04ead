using System.Text;
using Lms.ApiFrontend.Http;
using Microsoft.AspNetCore.Http;

namespace Lms.ApiFrontend.Tests.Http;

public sealed class FieldsTests
{
    [Theory]
    [InlineData("""{"name":"Ana"}""", "Ana")]
    [InlineData("""{"name":"  Ana "}""", "  Ana ")]
    [InlineData("""{"name":7.50}""", "7.50")]
    [InlineData("""{"name":true}""", "true")]
    [InlineData("""{"name":["a","b"]}""", "b")]
    [InlineData("""{"name":"a","name":"b"}""", "b")]
    [InlineData("""{"name":""}""", "")]
    [InlineData("""{"name":[]}""", null)]
    [InlineData("""{"name":null}""", null)]
    [InlineData("""{"Name":"Ana"}""", null)]
    [InlineData("{}", null)]
    public async Task A_text_is_read_from_JSON(string json, string? expected) =>
        Assert.Equal(expected, (await OfAsync(json)).Text("name"));

    [Theory]
    [InlineData("""{"authors":[1,"2"]}""", "1 2")]
    [InlineData("""{"authors[]":[1,2]}""", "1 2")]
    [InlineData("""{"authors":3,"authors[]":[1]}""", "3 1")]
    [InlineData("""{"authors":["",1]}""", "1")]
    [InlineData("""{"authors":[]}""", "")]
    [InlineData("""{"authors":null}""", null)]
    [InlineData("{}", null)]
    public async Task A_list_is_read_from_JSON(string json, string? expected) =>
        Assert.Equal(expected?.Split(' ', StringSplitOptions.RemoveEmptyEntries), (await OfAsync(json)).List("authors"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"name\"")]
    [InlineData("null")]
    [InlineData("""{"name":{"first":"Ana"}}""")]
    [InlineData("""{"name":[["Ana"]]}""")]
    [InlineData("""{"name":[null]}""")]
    [InlineData("""{"name":"\ud800"}""")]
    public async Task What_is_no_JSON_object_of_texts_is_a_bad_request(string json)
    {
        var refused = await Assert.ThrowsAsync<BadHttpRequestException>(() => OfAsync(json));

        Assert.Equal(400, refused.StatusCode);
    }

    [Theory]
    [InlineData("authors=1&authors=2", "1 2")]
    [InlineData("authors[]=1&authors[]=2", "1 2")]
    [InlineData("authors%5B%5D=1&authors=2", "2 1")]
    [InlineData("authors=", "")]
    [InlineData("title=x", null)]
    public async Task Repeated_parts_of_a_form_are_a_list(string form, string? expected) => Assert.Equal(
        expected?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        (await OfAsync(form, "application/x-www-form-urlencoded")).List("authors"));

    [Theory]
    [InlineData("gdpr=true", true)]
    [InlineData("gdpr=TRUE", true)]
    [InlineData("gdpr=false&gdpr=true", true)]
    [InlineData("gdpr=true&gdpr=false", false)]
    [InlineData("gdpr=1", false)]
    [InlineData("gdpr=on", false)]
    [InlineData("", false)]
    public async Task Only_true_is_true(string form, bool expected) =>
        Assert.Equal(expected, (await OfAsync(form, "application/x-www-form-urlencoded")).Flag("gdpr"));

    [Fact]
    public async Task No_body_has_no_fields() => Assert.Null((await OfAsync("", contentType: null)).Text("name"));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Another_type_is_not_supported(string contentType)
    {
        var refused = await Assert.ThrowsAsync<BadHttpRequestException>(() => OfAsync("x", contentType));

        Assert.Equal(415, refused.StatusCode);
    }

    private static async Task<Fields> OfAsync(string body, string? contentType = "application/json")
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentType = contentType;
        return (await Fields.BindAsync(http, parameter: null!))!;
    }
}

public sealed class UploadedPhotoTests
{
    public static TheoryData<string, byte[], string?> Photos => new()
    {
        { "png", Photo.Png().Bytes, "image/png" },
        { "png of 20000 bytes", Photo.Png(20_000).Bytes, "image/png" },
        { "png of 20001 bytes", Photo.Png(20_001).Bytes, null },
        { "jpeg", Photo.Jpeg().Bytes, "image/jpeg" },
        { "gif", Photo.Gif().Bytes, null },
        { "text", Photo.Lie().Bytes, null },
        { "half a signature", [0x89, (byte)'P', (byte)'N'], null },
        { "one byte", [0xFF], null },
    };

    [Theory]
    [MemberData(nameof(Photos))]
    public async Task A_photo_is_what_its_content_says(string what, byte[] content, string? type)
    {
        Assert.NotEmpty(what);

        var (isGood, photo) = await UploadedPhoto.ReadAsync(await FormAsync(content), TestContext.Current.CancellationToken);

        Assert.Equal(type is not null, isGood);
        Assert.Equal(type, photo?.ContentType);
    }

    [Fact]
    public async Task An_empty_part_is_no_photo() => Assert.Equal(
        (true, null), await UploadedPhoto.ReadAsync(await FormAsync([]), TestContext.Current.CancellationToken));

    private static async Task<Fields> FormAsync(byte[] content)
    {
        // The type and the name that a client gives are a lie in every case.
        using var form = Body.Form(new Photo(content, "image/gif", "photo.txt"));
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        http.Request.ContentType = form.Headers.ContentType!.ToString();
        return (await Fields.BindAsync(http, parameter: null!))!;
    }
}
