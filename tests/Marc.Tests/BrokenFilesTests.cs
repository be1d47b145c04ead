namespace Lms.Marc.Tests;

public sealed class BrokenFilesTests
{
    [Fact]
    public async Task Print()
    {
        foreach (var file in RealData.MarcFiles)
        {
            var readings = await RealData.ReadAsync(file);
            var codes = readings.Where(r => r.Failure is not null).Select(r => r.Failure!.Code + ":" + r.Failure.Detail).Take(4);
            var warnings = readings.SelectMany(r => r.Warnings).GroupBy(w => w.Code).Select(g => $"{g.Key}*{g.Count()} ({g.First().Detail})");
            Console.WriteLine($"{file} {readings.Count(r => r.Record is not null)} {string.Join("; ", codes)} | {string.Join("; ", warnings)}");
        }
    }
}
