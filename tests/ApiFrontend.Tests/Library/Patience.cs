namespace Lms.ApiFrontend.Tests.Library;

/// <summary>A client that does as it is told: 503 means "unknown, repeat with the same key".</summary>
internal static class Patience
{
    private const int Attempts = 100;

    public static async Task<Answer> UntilAnsweredAsync(Func<Task<Answer>> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await send();
            if (answer.Status != 503)
            {
                return answer;
            }

            Assert.NotNull(answer.Header("Retry-After"));
            Assert.True(attempt < Attempts, $"Still no answer: {answer}");
        }
    }
}
