using System.Globalization;

namespace Lms.Marc.Tests;

/// <summary>
/// Mutated files: no crash, no hang, no memory out of proportion, and all that is read can be written and read again.
/// LMS_FUZZ_CASES tells how many cases, LMS_FUZZ_SEED the first seed.
/// </summary>
public sealed class FuzzTests
{
    private const int LongestInput = 20_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly int Cases = Number("LMS_FUZZ_CASES", 2_000);
    private static readonly int FirstSeed = Number("LMS_FUZZ_SEED", 1);

    [Fact]
    public async Task Readers_survive_what_becomes_of_files()
    {
        var token = TestContext.Current.CancellationToken;
        var seeds = await SeedsAsync();
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var random = new Random(seed);
            var (name, bytes, isXml) = seeds[random.Next(seeds.Count)];
            var mutated = Mutated(bytes, seeds[random.Next(seeds.Count)].Bytes, random);
            try
            {
                await Task.Run(() => TryAsync(mutated, isXml), token).WaitAsync(Deadline, token);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"LMS_FUZZ_SEED={seed} LMS_FUZZ_CASES=1, a mutation of {name}", exception);
            }
        }
    }

    private static async Task TryAsync(byte[] bytes, bool isXml)
    {
        var token = TestContext.Current.CancellationToken;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var records = new List<MarcRecord>();
        var readings = 0;
        var stream = new MemoryStream(bytes);
        var source = isXml
            ? MarcXmlReader.ReadAsync(stream, token)
            : Iso2709Reader.ReadAsync(stream, token);
        await foreach (var reading in source)
        {
            readings++;
            Assert.Equal(readings, reading.Number);
            Assert.True(reading.Record is null != reading.Failure is null);
            Assert.InRange(reading.Offset, 0, bytes.Length);
            records.AddRange(reading.Record is { } record ? [record] : []);
        }

        // The buffers of a reader, and the objects of fields: a field of one byte is a hundred bytes of objects.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 4_000_000 + (200L * bytes.Length));
        Assert.InRange(readings, 0, 1 + (bytes.Length / 8));
        var differences = await RoundTrip.DifferencesAsync(records);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static byte[] Mutated(byte[] original, byte[] other, Random random)
    {
        var bytes = Piece(original, random).ToList();
        for (var i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(Math.Min(bytes.Count - at, 200));
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)"\u001B\u001D\u001E\u001F<>&\"0a\0\u00FF"[random.Next(12)];
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.RemoveRange(at, random.Next(2) * (bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, Piece(other, random).Take(length));
                    break;
            }
        }

        return [.. bytes];
    }

    private static ArraySegment<byte> Piece(byte[] bytes, Random random)
    {
        var start = bytes.Length <= LongestInput ? 0 : random.Next(bytes.Length - LongestInput);
        return new(bytes, start, Math.Min(bytes.Length - start, random.Next(1, LongestInput)));
    }

    private static async Task<List<(string Name, byte[] Bytes, bool IsXml)>> SeedsAsync()
    {
        var seeds = new List<(string, byte[], bool)>
        {
            ("our own ISO 2709", await Sample.ToIsoAsync(Sample.Book, Sample.Book), false),
            ("our own MARCXML", await Sample.ToXmlAsync(Sample.Book, Sample.Book), true),
            ("our own MARC-8", Sample.Iso(' ', ("245", Sample.Bytes("10\u001Fa\u00E2e\u001B$1!0!\u001B(B"))), false),
        };
        if (RealData.IsPresent)
        {
            seeds.AddRange(RealData.MarcFiles.Select(file => (file, RealData.Bytes(file), RealData.IsXml(file))));
        }

        return seeds;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } number
            ? int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;
}
