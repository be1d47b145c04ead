using Lms.Grains.Abstractions;
using Lms.Grains.Changes;

namespace Lms.Grains.Infrastructure;

/// <summary>What every grain of the library needs from its silo.</summary>
internal sealed record GrainServices(LibraryCalendar Calendar, Projector Projector, WriteFence Fence, IChanges Changes);
