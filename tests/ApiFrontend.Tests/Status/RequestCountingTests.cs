using Lms.ApiFrontend.Status;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class RequestCountingTests
{
    [Theory]
    [InlineData(200, "Full")]
    [InlineData(201, "Full")]
    [InlineData(204, "Full")]
    [InlineData(302, "Full")]
    [InlineData(304, "Full")]
    [InlineData(400, "NotCounted")]
    [InlineData(401, "NotCounted")]
    [InlineData(403, "NotCounted")]
    [InlineData(404, "NotCounted")]
    [InlineData(409, "NotCounted")]
    [InlineData(412, "NotCounted")]
    [InlineData(413, "NotCounted")]
    [InlineData(422, "NotCounted")]
    [InlineData(499, "NotCounted")]
    [InlineData(429, "Failed")]
    [InlineData(500, "Failed")]
    [InlineData(502, "Failed")]
    [InlineData(503, "Failed")]
    [InlineData(504, "Failed")]
    public void What_is_not_the_clients_doing_is_counted(int status, string outcome) =>
        Assert.Equal(outcome, Of(status).ToString());

    [Theory]
    [InlineData(200, "Degraded")]
    [InlineData(202, "Degraded")]
    [InlineData(304, "Degraded")]
    [InlineData(404, "NotCounted")]
    [InlineData(503, "Failed")]
    public void Only_an_answer_can_be_less_than_usual(int status, string outcome) =>
        Assert.Equal(outcome, Of(status, isDegraded: true).ToString());

    [Fact]
    public void Whoever_gives_up_is_not_counted() => Assert.Equal(RequestOutcome.NotCounted, Of(503, isAborted: true));

    [Fact]
    public void What_was_announced_is_no_failure() => Assert.Equal(RequestOutcome.Announced, Of(503, isAnnounced: true));

    [Fact]
    public void Whoever_guesses_passwords_makes_no_service_fail() =>
        Assert.Equal(RequestOutcome.NotCounted, Of(429, code: "sign-in-throttled"));

    private static RequestOutcome Of(
        int status, bool isAborted = false, string? code = null, bool isAnnounced = false, bool isDegraded = false) =>
        RequestCounting.OutcomeOf(status, isAborted, code, isAnnounced, isDegraded);
}
