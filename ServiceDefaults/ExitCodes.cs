namespace Lms.ServiceDefaults;

/// <summary>What a process or a command came to.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The command line or the configuration cannot be meant.</summary>
    public const int Wrong = 2;

    public const int Refused = 3;
    public const int Failed = 4;
}
