using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Lms.Grains.Abstractions.Imports;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>How a catalogue file is to be read.</summary>
/// <param name="Format">What is in it.</param>
/// <param name="Map">Columns of a table, as <see cref="CsvColumns"/> reads them.</param>
/// <param name="Source">Whose records these are; null lets them say it.</param>
/// <param name="AuthorSeparator">Between two authors of a cell of a table.</param>
public sealed record CatalogueSettings(
    CatalogueFormat Format, string? Map = null, string? Source = null, string? AuthorSeparator = null);

/// <summary>A catalogue file, zipped by gzip or not, read as a stream: never more than one record is in memory.</summary>
/// <param name="open">Opens the file from its beginning.</param>
/// <param name="settings">How to read it.</param>
/// <param name="genres">Finds genres.</param>
public sealed class CatalogueFile(Func<CancellationToken, Task<Stream>> open, CatalogueSettings settings, Genres genres)
{
    /// <summary>A file that unzips to more is a trap.</summary>
    public const long MaxUnzipped = 16L * 1024 * 1024 * 1024;

    /// <summary>A cell that is longer ends the table: nobody means it.</summary>
    private const int MaxCell = 1024 * 1024;

    /// <summary>As is a row.</summary>
    private const int MaxRow = 16 * 1024 * 1024;

    /// <summary>Opens what may be zipped. Zipped files may hold any number of members.</summary>
    public static async Task<Stream> UnzipAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[2];
        var read = await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancellationToken);
        var whole = new PrefixedStream(head.AsMemory(0, read), stream);
        return head is [0x1F, 0x8B]
            ? new LimitedStream(new GZipStream(whole, CompressionMode.Decompress), MaxUnzipped)
            : whole;
    }

    /// <summary>The records from the first to the last. What cannot be read is a failure in the sequence, not an exception.</summary>
    public async IAsyncEnumerable<CatalogueReading> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var file = await open(cancellationToken);
        await using var stream = await UnzipAsync(file, cancellationToken);
        var readings = settings.Format switch
        {
            CatalogueFormat.Marc21 => MarcAsync(Iso2709Reader.ReadAsync(stream, cancellationToken)),
            CatalogueFormat.MarcXml => MarcAsync(MarcXmlReader.ReadAsync(stream, cancellationToken)),
            _ => CsvAsync(stream, cancellationToken),
        };
        await using var reading = readings.GetAsyncEnumerator(cancellationToken);
        CatalogueReading? last = null;
        while (true)
        {
            CatalogueReading? broken = null;
            try
            {
                if (!await reading.MoveNextAsync())
                {
                    yield break;
                }

                last = reading.Current;
            }
            catch (InvalidDataException exception)
            {
                // The rest cannot be unzipped.
                broken = new()
                {
                    Number = (last?.Number ?? 0) + 1,
                    Offset = last?.Offset ?? 0,
                    Failure = new("not-unzipped", $"The file cannot be unzipped from here: {exception.Message}"),
                };
            }

            yield return broken ?? last!;
            if (broken is not null)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<CatalogueReading> MarcAsync(IAsyncEnumerable<MarcReading> records)
    {
        var books = new MarcBooks(genres);
        await foreach (var reading in records)
        {
            var warnings = reading.Warnings.Select(Problem).ToList();
            if (reading.Record is null)
            {
                yield return new()
                {
                    Number = reading.Number,
                    Offset = reading.Offset,
                    Failure = Problem(reading.Failure!),
                    Warnings = warnings,
                };
                continue;
            }

            var (book, skipped, failure) = books.Map(reading.Record, settings.Source);
            yield return new()
            {
                Number = reading.Number,
                Offset = reading.Offset,
                Book = book,
                Skipped = skipped,
                Failure = failure,
                Warnings = warnings,
            };
        }
    }

    private async IAsyncEnumerable<CatalogueReading> CsvAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var encoding = await EncodingAsync(cancellationToken);
        using var text = new RowReader(new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true), MaxRow);
        using var parser = Parser(text, encoding, await DelimiterAsync(encoding, cancellationToken));
        CsvBooks? books = null;
        for (var number = 0; ; number++)
        {
            var offset = parser.ByteCount;
            string[]? row = null;
            CatalogueProblem? broken = null;
            try
            {
                text.BeginRow();
                row = await parser.ReadAsync() ? parser.Record : null;
            }
            catch (Exception exception) when (exception is CsvHelperException or RowTooLongException)
            {
                broken = new("table-broken", $"The table cannot be read from here: {FirstLine(exception.Message)}");
            }

            if (broken is not null)
            {
                yield return new() { Number = Math.Max(number, 1), Offset = offset, Failure = broken };
                yield break;
            }

            if (row is null)
            {
                yield break;
            }

            if (books is null)
            {
                if (!CsvColumns.TryCreate(row, settings.Map, out var columns, out var problem))
                {
                    yield return new() { Number = 1, Offset = offset, Failure = new("columns", problem) };
                    yield break;
                }

                books = new(columns, genres, settings.Source, settings.AuthorSeparator);
                continue;
            }

            var (book, failure, warnings) = books.Map(row);
            yield return new() { Number = number, Offset = offset, Book = book, Failure = failure, Warnings = warnings };
        }
    }

    private static CsvParser Parser(TextReader text, Encoding encoding, string delimiter) =>
        new(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            Encoding = encoding,
            CountBytes = true,
            BadDataFound = null, // a quote within a cell is a quote
            MaxFieldSize = MaxCell,
            IgnoreBlankLines = true,
        });

    // Valid UTF-8 is UTF-8; anything else is read as ISO-8859-1, which every text is.
    private async Task<Encoding> EncodingAsync(CancellationToken cancellationToken)
    {
        await using var stream = await UnzipAsync(await open(cancellationToken), cancellationToken);
        var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[bytes.Length + 1];
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(bytes, cancellationToken);
                decoder.Convert(bytes.AsSpan(0, read), characters, flush: read == 0, out _, out _, out _);
            }
            while (read > 0);
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1;
        }
    }

    private async Task<string> DelimiterAsync(Encoding encoding, CancellationToken cancellationToken)
    {
        await using var stream = await UnzipAsync(await open(cancellationToken), cancellationToken);
        return CatalogueHead.Delimiter(encoding.GetString(await CatalogueHead.ReadAsync(stream, cancellationToken)));
    }

    private static CatalogueProblem Problem(MarcProblem problem) => new(problem.Code, problem.Detail);

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
