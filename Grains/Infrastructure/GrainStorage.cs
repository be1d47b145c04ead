namespace Lms.Grains.Infrastructure;

/// <summary>The storage provider of every state.</summary>
public static class GrainStorage
{
    public const string Name = "lms";
}
