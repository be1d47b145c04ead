using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Lms.Catalogue;

/// <summary>Books as a table that <see cref="CsvBooks"/> reads without a map.</summary>
/// <param name="stream">Stays open.</param>
public sealed class CsvExport(Stream stream) : IAsyncDisposable
{
    private static readonly (string Column, Func<ExportedBook, string?> Cell)[] s_columns =
    [
        ("isbn", book => book.Isbn.IsLocal ? null : book.IsbnAsGiven),
        ("furtherIsbns", book => CsvList.Write(book.Details.Aliases.Select(alias => alias.ToString()))),
        ("localNumber", book => book.Isbn.IsLocal ? book.Isbn.ToString() : null),
        ("title", book => book.Title),
        ("fullTitle", book => book.Details.FullTitle),
        ("authorNames", book => CsvList.Write(book.Authors)),
        ("genre", book => book.Genre),
        ("description", book => book.Description),
        ("publisher", book => book.Details.Publisher),
        ("year", book => book.Details.Year?.ToString(CultureInfo.InvariantCulture)),
        ("language", book => book.Details.Language),
        ("edition", book => book.Details.Edition),
        ("series", book => CsvList.Write(book.Details.Series)),
        ("subjects", book => CsvList.Write(book.Details.Subjects)),
        ("pages", book => book.Details.Pages?.ToString(CultureInfo.InvariantCulture)),
        ("id", book => book.Isbn.ToString()),
    ];

    private readonly CsvWriter _csv = new(
        new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true),
        new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });

    private bool _hasHeader;

    public async Task WriteAsync(ExportedBook book)
    {
        await WriteHeaderAsync();
        foreach (var (_, cell) in s_columns)
        {
            _csv.WriteField(cell(book));
        }

        await _csv.NextRecordAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await WriteHeaderAsync();
        await _csv.DisposeAsync();
    }

    private async Task WriteHeaderAsync()
    {
        if (!_hasHeader)
        {
            _hasHeader = true;
            foreach (var (column, _) in s_columns)
            {
                _csv.WriteField(column);
            }

            await _csv.NextRecordAsync();
        }
    }
}
