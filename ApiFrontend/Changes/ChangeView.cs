using Lms.Grains.Abstractions.Changes;

namespace Lms.ApiFrontend.Changes;

/// <summary>The data of an event <c>change</c>.</summary>
internal sealed record ChangeView(string Entity, string Id, long Version, DateTimeOffset At)
{
    public static ChangeView From(Change change) => new(change.Entity, change.Id, change.Version, change.At);
}
