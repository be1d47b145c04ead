namespace Lms.Grains.Infrastructure;

/// <summary>How logs call a grain: by its key, unless that is somebody's e-mail address.</summary>
internal static class GrainNames
{
    public static string Of(GrainId grain) => Of(grain.ToString());

    public static string Of(string key) => key.Contains('@', StringComparison.Ordinal) ? $"{key.Split(':')[0]}:…" : key;
}
