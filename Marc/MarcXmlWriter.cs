using System.Text;
using System.Xml;

namespace Lms.Marc;

/// <summary>
/// Writes <see href="https://www.loc.gov/standards/marcxml/">MARCXML</see>: a collection of records in UTF-8.
/// Characters that XML 1.0 cannot hold become U+FFFD. Disposal closes the collection and leaves the stream open.
/// </summary>
public sealed class MarcXmlWriter(Stream stream) : IAsyncDisposable
{
    internal const string Slim = "http://www.loc.gov/MARC21/slim";

    private readonly XmlWriter xml = XmlWriter.Create(
        stream,
        new XmlWriterSettings
        {
            Async = true,
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            NewLineHandling = NewLineHandling.Entitize,
        });

    private bool isOpen;

    /// <summary>Writes one record; memory does not grow with the collection.</summary>
    public async Task WriteAsync(MarcRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        await OpenAsync();
        await StartAsync("record");
        await StartAsync("leader");
        await EndAsync(record.Leader);
        foreach (var field in record.Fields)
        {
            await WriteAsync(field);
        }

        await xml.WriteEndElementAsync();
        await xml.WriteRawAsync("\n");
    }

    public async ValueTask DisposeAsync()
    {
        await OpenAsync();
        await xml.WriteEndElementAsync();
        await xml.WriteEndDocumentAsync();
        await xml.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        if (!isOpen)
        {
            isOpen = true;
            await xml.WriteStartDocumentAsync();
            await StartAsync("collection");
            await xml.WriteRawAsync("\n");
        }
    }

    private async Task WriteAsync(MarcField field)
    {
        switch (field)
        {
            case ControlField control:
                await StartAsync("controlfield");
                await AttributeAsync("tag", control.Tag);
                await EndAsync(control.Value);
                break;
            case DataField data:
                await StartAsync("datafield");
                await AttributeAsync("tag", data.Tag);
                await AttributeAsync("ind1", data.Indicator1.ToString());
                await AttributeAsync("ind2", data.Indicator2.ToString());
                foreach (var (code, value) in data.Subfields)
                {
                    await StartAsync("subfield");
                    await AttributeAsync("code", code.ToString());
                    await EndAsync(value);
                }

                await xml.WriteEndElementAsync();
                break;
        }
    }

    private Task StartAsync(string name) => xml.WriteStartElementAsync(null, name, Slim);

    private Task AttributeAsync(string name, string value) =>
        xml.WriteAttributeStringAsync(null, name, null, XmlText.Holdable(value));

    private async Task EndAsync(string text)
    {
        await xml.WriteStringAsync(XmlText.Holdable(text));
        await xml.WriteFullEndElementAsync();
    }
}
