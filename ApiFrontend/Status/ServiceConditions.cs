namespace Lms.ApiFrontend.Status;

/// <summary>Puts together what the sources know.</summary>
internal sealed class ServiceConditions : IServiceConditions
{
    private readonly IReadOnlyList<IConditionSource> _sources;
    private readonly TimeProvider _clock;
    private volatile ConditionSnapshot _current;

    public ServiceConditions(IEnumerable<IConditionSource> sources, TimeProvider clock)
    {
        (_sources, _clock) = ([.. sources], clock);
        var now = clock.GetUtcNow();
        _current = new(now, [.. RequestCounting.Services.Select(service => new ServiceCondition(service, Health.Up, now, []))]);
    }

    public ConditionSnapshot Current => _current;

    /// <summary>Asks all sources. For one caller at a time.</summary>
    public ConditionSnapshot Look()
    {
        var symptoms = _sources.SelectMany(source => source.Look()).ToLookup(symptom => symptom.Service);
        var now = _clock.GetUtcNow();
        return _current = new(now, [.. _current.Services.Select(before => Next(before, [.. symptoms[before.Service]], now))]);
    }

    private static ServiceCondition Next(ServiceCondition before, Symptom[] symptoms, DateTimeOffset now)
    {
        var health = symptoms.Select(symptom => symptom.Health).DefaultIfEmpty(Health.Up).Max();
        return new(before.Service, health, health == before.Health ? before.Since : now, symptoms);
    }
}
