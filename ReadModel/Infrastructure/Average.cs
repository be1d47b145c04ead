namespace Lms.ReadModel.Infrastructure;

internal static class Average
{
    /// <summary>Rounded to one decimal, half up. Computed here because databases round differently.</summary>
    public static double Of(long total, long count) =>
        (double)Math.Round((decimal)total / count, 1, MidpointRounding.AwayFromZero);
}
