using Lms.Grains.Abstractions.Imports;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>Writes books, one after another, as a catalogue file. Disposal ends the file and leaves the stream open.</summary>
public abstract class CatalogueExport : IAsyncDisposable
{
    /// <summary>The export of a format.</summary>
    public static CatalogueExport Create(CatalogueFormat format, Stream stream, MarcExport records) => format switch
    {
        CatalogueFormat.Marc21 => new Marc21(new(stream), records),
        CatalogueFormat.MarcXml => new MarcXml(new(stream), records),
        _ => new Csv(new(stream)),
    };

    /// <summary>False, with nothing written, for a book that the format cannot hold.</summary>
    public abstract Task<bool> TryWriteAsync(ExportedBook book, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    private sealed class Marc21(Iso2709Writer writer, MarcExport records) : CatalogueExport
    {
        public override async Task<bool> TryWriteAsync(ExportedBook book, CancellationToken cancellationToken)
        {
            try
            {
                await writer.WriteAsync(records.Record(book), cancellationToken);
                return true;
            }
            catch (MarcTooLongException)
            {
                return false;
            }
        }

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }

    private sealed class MarcXml(MarcXmlWriter writer, MarcExport records) : CatalogueExport
    {
        public override async Task<bool> TryWriteAsync(ExportedBook book, CancellationToken cancellationToken)
        {
            await writer.WriteAsync(records.Record(book), cancellationToken);
            return true;
        }

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }

    private sealed class Csv(CsvExport writer) : CatalogueExport
    {
        public override async Task<bool> TryWriteAsync(ExportedBook book, CancellationToken cancellationToken)
        {
            await writer.WriteAsync(book);
            return true;
        }

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
