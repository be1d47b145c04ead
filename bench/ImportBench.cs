using System.Diagnostics;
using System.Globalization;
using Lms.Catalogue;
using Lms.Grains.Abstractions.Imports;
using Microsoft.Data.Sqlite;

namespace Lms.Bench;

/// <summary>An import, against a loop that writes the same rows and does nothing else.</summary>
internal static class ImportBench
{
    public static async Task<int> RunAsync(string file, string? authorSeparator, int rounds, string? keep)
    {
        var format = await FormatAsync(file);
        var measured = new List<(double Import, double Raw, double Cpu, int Records, long Rows)>();
        var folder = Directory.CreateTempSubdirectory("lms-bench-");
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                var directory = round == rounds && keep is not null ? keep : Path.Combine(folder.FullName, $"{round}");
                var (import, cpu, peak, result) = await ImportAsync(directory, file, format, authorSeparator);
                var (raw, rows) = RawLoop(Path.Combine(directory, "grains.db"), Path.Combine(folder.FullName, $"raw-{round}.db"));
                measured.Add((import, raw, cpu, result.Read, rows));
                Print(
                    $"round {round}: {result.Read} records ({result.Created} created, {result.Failed} failed) in {import:F1} s = "
                    + $"{result.Read / import:F0}/s, {1000 * cpu / result.Read:F2} ms CPU each, peak {peak / 1048576} MB; "
                    + $"raw loop: {rows} rows in {raw:F1} s = {rows / raw:F0}/s; import/raw {import / raw:F2}");
            }

            var ratio = Median(measured.Select(one => one.Import / one.Raw));
            Print(
                $"median of {rounds}: {Median(measured.Select(one => one.Records / one.Import)):F0} records/s, "
                + $"{Median(measured.Select(one => 1000 * one.Cpu / one.Records)):F2} ms CPU each, import/raw loop {ratio:F2}");
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<CatalogueFormat> FormatAsync(string file)
    {
        await using var unzipped = await CatalogueFile.UnzipAsync(File.OpenRead(file), CancellationToken.None);
        var head = CatalogueHead.Of(await CatalogueHead.ReadAsync(unzipped, CancellationToken.None), claimed: null, map: null);
        return head.Format ?? throw new InvalidDataException(head.Problem);
    }

    private static async Task<(double Seconds, double Cpu, long Peak, Import Result)> ImportAsync(
        string directory, string file, CatalogueFormat format, string? authorSeparator)
    {
        await using var library = await Library.OpenAsync(directory);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var result = await library.ImportAsync(file, format, authorSeparator);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return (seconds, (process.TotalProcessorTime - cpu).TotalSeconds, process.PeakWorkingSet64, result);
    }

    // One row, one transaction, one flush of the disk: what the same states cost without grains, rules and groups.
    private static (double Seconds, long Rows) RawLoop(string states, string copy)
    {
        using var source = Open(states);
        using var target = Open(copy);
        Execute(target, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE states (key TEXT PRIMARY KEY, payload BLOB NOT NULL)");
        using var read = source.CreateCommand();
        read.CommandText = "SELECT GrainTypeString || '/' || GrainIdExtensionString, PayloadBinary FROM OrleansStorage WHERE PayloadBinary IS NOT NULL";
        using var rows = read.ExecuteReader();
        using var write = target.CreateCommand();
        write.CommandText = "INSERT INTO states VALUES (@key, @payload) ON CONFLICT DO UPDATE SET payload = excluded.payload";
        var key = write.Parameters.Add("@key", SqliteType.Text);
        var payload = write.Parameters.Add("@payload", SqliteType.Blob);
        var elapsed = TimeSpan.Zero;
        var count = 0L;
        while (rows.Read())
        {
            (key.Value, payload.Value) = (rows.GetString(0), rows.GetFieldValue<byte[]>(1));
            var started = Stopwatch.GetTimestamp();
            write.ExecuteNonQuery();
            elapsed += Stopwatch.GetElapsedTime(started);
            count++;
        }

        return (elapsed.TotalSeconds, count);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Print(string text) => Console.WriteLine(text);
}
