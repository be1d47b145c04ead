namespace Lms.ApiFrontend.Status;

/// <summary>How well a service does. Numbers are stored; they never change.</summary>
internal enum Health
{
    Up = 0,
    Degraded = 1,
    Down = 2,
}

/// <summary>One reason why a service is not well.</summary>
/// <param name="Service">One of <see cref="RequestCounting.Services"/>.</param>
/// <param name="Health">How bad it is.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Text">A sentence for everybody: no names, no addresses.</param>
internal sealed record Symptom(string Service, Health Health, string Code, string Text);

/// <summary>Knows symptoms of services. Looks at what this process has in memory, and waits for nobody.</summary>
internal interface IConditionSource
{
    /// <summary>What is not well now. A service that nobody names is up.</summary>
    IEnumerable<Symptom> Look();
}

/// <summary>How one service is.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Health">The worst of the symptoms.</param>
/// <param name="Since">How long it has been as well, or as bad, as this.</param>
/// <param name="Symptoms">Why; none when it is up.</param>
internal sealed record ServiceCondition(string Service, Health Health, DateTimeOffset Since, IReadOnlyList<Symptom> Symptoms);

/// <summary>How all services were at an instant.</summary>
internal sealed record ConditionSnapshot(DateTimeOffset At, IReadOnlyList<ServiceCondition> Services);

/// <summary>How the services are, as this gateway sees them.</summary>
internal interface IServiceConditions
{
    /// <summary>As it was last looked. Never waits.</summary>
    ConditionSnapshot Current { get; }
}
