// Each test has many processes of its own, and most of the time waits for them.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Lms.Cluster.Tests;

/// <summary>Tests that count what clients notice: nothing else may take the processors away meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
