using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class ConditionTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_start);
    private readonly RecentRequests _recent;

    public ConditionTests() => _recent = new(_clock);

    [Theory]
    [InlineData(0, 0, "Up")]
    [InlineData(100, 0, "Up")]
    [InlineData(95, 5, "Up")]
    [InlineData(94, 6, "Degraded")]
    [InlineData(50, 50, "Degraded")]
    [InlineData(49, 50, "Down")]
    [InlineData(0, 4, "Degraded")]
    [InlineData(0, 5, "Down")]
    public void How_a_service_is_follows_from_how_its_requests_end(int full, int failed, string health)
    {
        Add("books", RequestOutcome.Full, full);
        Add("books", RequestOutcome.Failed, failed);

        Assert.Equal(health, HealthOf("books").ToString());
        Assert.Equal(Health.Up, HealthOf("users"));
    }

    [Fact]
    public void What_is_announced_makes_no_service_unwell()
    {
        Add("books", RequestOutcome.Announced, 100);

        Assert.Empty(_recent.Look());
    }

    [Fact]
    public void An_answer_that_is_less_than_usual_says_why()
    {
        _recent.Add("books", RequestOutcome.Degraded, "read-model, stale");

        Assert.Equal(["read-model", "stale"], _recent.Look().Select(symptom => symptom.Code).Order(StringComparer.Ordinal));
        Assert.All(_recent.Look(), symptom => Assert.Equal(("books", Health.Degraded), (symptom.Service, symptom.Health)));
    }

    [Fact]
    public void After_half_a_minute_it_is_forgotten()
    {
        Add("books", RequestOutcome.Failed, 10);
        _recent.Add("books", RequestOutcome.Degraded, "stale");

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(Health.Down, HealthOf("books"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_recent.Look());
        Add("books", RequestOutcome.Full, 1);
        Assert.Empty(_recent.Look());
    }

    [Fact]
    public void The_worst_of_all_sources_counts_and_has_lasted_since_it_began()
    {
        var other = new Source();
        var conditions = new ServiceConditions([_recent, other], _clock);
        _recent.Add("books", RequestOutcome.Degraded, "stale");
        conditions.Look();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((Health.Degraded, s_start), Of(conditions.Look()));

        other.Symptoms = [new("books", Health.Down, "breaker-open", "Nobody is asked.")];

        Assert.Equal((Health.Down, s_start.AddSeconds(10)), Of(conditions.Look()));
        Assert.Equal(["stale", "breaker-open"], Books(conditions.Current).Symptoms.Select(symptom => symptom.Code));
        Assert.Equal(RequestCounting.Services, conditions.Current.Services.Select(service => service.Service));
    }

    private static (Health, DateTimeOffset) Of(ConditionSnapshot snapshot) => (Books(snapshot).Health, Books(snapshot).Since);

    private static ServiceCondition Books(ConditionSnapshot snapshot) => snapshot.Services.Single(service => service.Service == "books");

    private Health HealthOf(string service) => _recent.Look().Where(symptom => symptom.Service == service)
        .Select(symptom => symptom.Health).DefaultIfEmpty(Health.Up).Max();

    private void Add(string service, RequestOutcome outcome, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _recent.Add(service, outcome);
        }
    }

    private sealed class Source : IConditionSource
    {
        public Symptom[] Symptoms { get; set; } = [];

        public IEnumerable<Symptom> Look() => Symptoms;
    }
}
