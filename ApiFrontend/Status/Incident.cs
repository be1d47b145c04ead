namespace Lms.ApiFrontend.Status;

/// <summary>A time in which a service was not well.</summary>
/// <param name="Id">Made by the gateway that saw it first.</param>
/// <param name="Service">Whose.</param>
/// <param name="Worst">The worst that it was.</param>
/// <param name="Codes">Of all its symptoms.</param>
/// <param name="StartedAt">When it began, not when it was long enough to be one.</param>
/// <param name="EndedAt">When the service was well again; null while it is not known to be.</param>
internal sealed record Incident(
    Guid Id, string Service, Health Worst, IReadOnlyList<string> Codes, DateTimeOffset StartedAt, DateTimeOffset? EndedAt = null);
