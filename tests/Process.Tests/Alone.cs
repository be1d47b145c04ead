namespace Lms.Process.Tests;

/// <summary>Tests that measure, and so have the machine to themselves. The others are two at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = nameof(Alone);
}
