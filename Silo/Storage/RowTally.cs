using System.Security.Cryptography;
using System.Text;
using Lms.Grains.Infrastructure;

namespace Lms.Silo.Storage;

/// <summary>Tells whether rows are those that they were, in whatever order they come.</summary>
internal sealed class RowTally
{
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];

    public StatesSummary Summary { get; private set; }

    public string Digest => Convert.ToHexStringLower(_digest);

    public static async Task<RowTally> OfAsync(IStoredStates states, CancellationToken cancellationToken)
    {
        var tally = new RowTally();
        await foreach (var row in states.ReadAllAsync(cancellationToken))
        {
            tally.Add(row);
        }

        return tally;
    }

    // No two rows are alike, so none takes another's hash out again.
    public void Add(StoredRow row)
    {
        Summary = Summary.With(row);
        var hash = SHA256.HashData(BytesOf(row));
        for (var i = 0; i < _digest.Length; i++)
        {
            _digest[i] ^= hash[i];
        }
    }

    private static byte[] BytesOf(StoredRow row)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(row.GrainIdHash);
        writer.Write(row.GrainIdN0);
        writer.Write(row.GrainIdN1);
        writer.Write(row.GrainTypeHash);
        writer.Write(row.StateName);
        writer.Write(row.Key is not null);
        writer.Write(row.Key ?? "");
        writer.Write(row.ServiceId);
        writer.Write(row.ModifiedOn.UtcTicks / TimeSpan.TicksPerMicrosecond); // finer than that PostgreSQL does not know
        writer.Write(row.Version);
        writer.Write(row.Payload is not null);
        writer.Write(row.Payload ?? BinaryData.Empty);
        writer.Flush();
        return bytes.ToArray();
    }
}
