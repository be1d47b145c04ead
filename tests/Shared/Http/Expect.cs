using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lms.Tests.Shared;

/// <summary>The shapes an answer may have, above all the error shapes of section 10.</summary>
internal static partial class Expect
{
    public static Answer Status(int status, Answer answer)
    {
        if (answer.Status != status)
        {
            Assert.Fail($"Expected {status}, got {answer}");
        }

        return answer;
    }

    public static Answer Status(int[] anyOf, Answer answer)
    {
        if (!anyOf.Contains(answer.Status))
        {
            Assert.Fail($"Expected one of {string.Join(", ", anyOf)}, got {answer}");
        }

        return answer;
    }

    public static Answer Empty(int status, Answer answer)
    {
        Status(status, answer);
        Assert.True(answer.Body.Length == 0, $"Expected no body: {answer}");
        return answer;
    }

    /// <summary>Refused before the operation ran: empty body and a challenge.</summary>
    public static void Refused(int status, Answer answer)
    {
        Empty(status, answer);
        var challenge = answer.Header("WWW-Authenticate");
        Assert.True(challenge is not null, $"Expected WWW-Authenticate: {answer}");
        if (status == 401)
        {
            Assert.StartsWith("Bearer", challenge, StringComparison.Ordinal);
        }
    }

    /// <summary><c>{"message": string, "details": [...]}</c></summary>
    public static JsonElement Error(int status, string message, Answer answer)
    {
        var json = Error(status, answer);
        Assert.Equal(message, json.Text("message"));
        return json.GetProperty("details");
    }

    public static JsonElement Error(int status, Answer answer)
    {
        Status(status, answer);
        NoInternals(answer);
        Assert.Equal("application/json", answer.ContentType);
        Assert.True(IsError(answer), $"Expected {{message, details}}: {answer}");
        return answer.Json;
    }

    /// <summary>RFC 9457 as new operations answer it: with a stable code and the trace's id.</summary>
    public static JsonElement Problem(int status, Answer answer, string? code = null)
    {
        var problem = PlainProblem(status, answer);
        Assert.False(string.IsNullOrEmpty(problem.Text("code")), $"Expected a code: {answer}");
        Assert.False(string.IsNullOrEmpty(problem.Text("traceId")), $"Expected a traceId: {answer}");
        if (code is not null)
        {
            Assert.Equal(code, problem.Text("code"));
        }

        return problem;
    }

    /// <summary>A problem that names the fields at fault.</summary>
    public static void FieldProblem(Answer answer)
    {
        var problem = Problem(400, answer);
        Assert.True(problem.TryGetProperty("errors", out var errors), $"Expected errors by field: {answer}");
        Assert.NotEmpty(errors.EnumerateObject());
    }

    public static JsonElement PlainProblem(int status, Answer answer)
    {
        Status(status, answer);
        NoInternals(answer);
        Assert.True(IsProblem(answer), $"Expected problem+json: {answer}");
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        return answer.Json;
    }

    /// <summary>A 400 of an old operation: either of the two shapes clients have met.</summary>
    public static Answer BadRequest(Answer answer)
    {
        Status(400, answer);
        NoInternals(answer);
        Assert.True(IsError(answer) || IsProblem(answer), $"Expected {{message, details}} or problem+json: {answer}");
        return answer;
    }

    public static void BadRequest(string sentence, Answer answer) => Says(sentence, BadRequest(answer));

    public static void Conflict(Answer answer)
    {
        var json = Error(409, answer);
        Assert.True(
            json.Text("message") is "Conflict" or "The identity of the object you tried to create is already in use",
            $"Expected a conflict's message: {answer}");
        var details = json.GetProperty("details").EnumerateArray().ToList();
        Assert.Contains(
            details, detail => detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("message", out _));
        Assert.Contains(
            details, detail => detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("error", out _));
    }

    public static void NotFound(Answer answer) => Assert.NotEmpty(Error(404, "Not found", answer).EnumerateArray());

    public static void Says(string sentence, Answer answer) => Assert.True(
        answer.Json.AllTexts().Any(text => text.Contains(sentence, StringComparison.Ordinal)),
        $"Expected the words '{sentence}': {answer}");

    /// <summary>Exactly these members: nulls are serialised, nothing else is.</summary>
    public static void Members(JsonElement element, params string[] names) =>
        Assert.Equal(names.Order(StringComparer.Ordinal), element.Names().Order(StringComparer.Ordinal));

    public static void OneDecimal(JsonElement number)
    {
        Assert.Equal(JsonValueKind.Number, number.ValueKind);
        Assert.Equal(Math.Round(number.GetDecimal(), 1), number.GetDecimal());
    }

    /// <summary>Whatever was sent: an answer of this library, without a stack trace and without a 500.</summary>
    public static void Sane(Answer answer)
    {
        Assert.True(answer.Status is < 500 or 503, $"Expected no server error: {answer}");
        NoInternals(answer);
    }

    public static void NoInternals(Answer answer) => Assert.False(
        StackTrace().IsMatch(answer.Text) || answer.Text.Contains("Exception", StringComparison.Ordinal),
        $"Internals show: {answer}");

    private static bool IsError(Answer answer) =>
        answer.ContentType == "application/json" && answer.Json is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
        && json.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array;

    private static bool IsProblem(Answer answer) =>
        answer.ContentType == "application/problem+json" && answer.Json is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("title", out _) && json.TryGetProperty("status", out _);

    [GeneratedRegex(@"^\s+at \S+\(.*\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex StackTrace();
}
