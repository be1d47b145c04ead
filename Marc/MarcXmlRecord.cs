using System.Text;
using System.Xml;

namespace Lms.Marc;

/// <summary>
/// Reads the element of one record. Names count without their prefix, so that neither the prefix nor the declaration of
/// the namespace matters.
/// </summary>
internal sealed class MarcXmlRecord
{
    private readonly ProblemList warnings = new();
    private readonly List<MarcField> fields = [];
    private string? leader;

    private MarcXmlRecord()
    {
    }

    /// <param name="element">From the start tag of the record to its end tag.</param>
    /// <param name="offset">Goes into the reading.</param>
    public static MarcReading Read(string element, long offset)
    {
        var record = new MarcXmlRecord();
        var holdable = XmlText.Holdable(element);
        if (!ReferenceEquals(element, holdable))
        {
            record.warnings.Add(MarcProblems.ControlCharacter, $"Characters that XML forbids were replaced.");
        }

        return record.Parse(holdable) is { } failure
            ? new() { Number = 0, Offset = offset, Failure = failure }
            : new()
            {
                Number = 0,
                Offset = offset,
                Record = new(record.leader ?? "", record.fields),
                Warnings = record.warnings.ToList(),
            };
    }

    private MarcProblem? Parse(string element)
    {
        using var xml = new XmlTextReader(new StringReader(element))
        {
            Namespaces = false,
            Normalization = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            EntityHandling = EntityHandling.ExpandEntities,
        };
        try
        {
            xml.MoveToContent();
            var isEmpty = xml.IsEmptyElement;
            while (!isEmpty && xml.Read() && xml.Depth > 0)
            {
                if (xml.NodeType is XmlNodeType.Element)
                {
                    Member(xml);
                }
            }

            while (xml.Read())
            {
            }
        }
        catch (XmlException exception)
        {
            return new(MarcProblems.NotWellFormed, exception.Message);
        }

        if (leader is null)
        {
            if (fields.Count == 0)
            {
                return new(MarcProblems.Empty, "The record has neither a leader nor a field.");
            }

            warnings.Add(MarcProblems.Leader, $"The record has no leader.");
        }

        return null;
    }

    private void Member(XmlTextReader xml)
    {
        switch (LocalName(xml.Name))
        {
            case "leader":
                Leader(Text(xml).Trim('\t', '\r', '\n'));
                break;
            case "controlfield":
                Control(xml);
                break;
            case "datafield":
                Data(xml);
                break;
            default:
                Skip(xml);
                break;
        }
    }

    private void Leader(string text)
    {
        if (text.Length != Iso2709.LeaderLength)
        {
            warnings.Add(MarcProblems.Leader, $"The leader has {text.Length} characters.");
        }

        leader ??= text;
    }

    private void Control(XmlTextReader xml)
    {
        var tag = Tag(xml);
        var value = Text(xml);
        if (tag is null)
        {
            return;
        }

        if (FieldShape.HoldsOneValue(tag))
        {
            fields.Add(new ControlField(tag, value));
            return;
        }

        warnings.Add(MarcProblems.Subfield, $"Field {tag} is no control field.");
        fields.Add(new DataField(tag, ' ', ' ', value is "" ? [] : [new(Subfield.NoCode, value)]));
    }

    private void Data(XmlTextReader xml)
    {
        var tag = Tag(xml);
        var indicators = string.Concat(Character(xml, "ind1", tag), Character(xml, "ind2", tag));
        var subfields = new List<Subfield>();
        var (depth, isEmpty) = (xml.Depth, xml.IsEmptyElement);
        while (!isEmpty && xml.Read() && xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when LocalName(xml.Name) is "subfield":
                    var code = Character(xml, "code", tag);
                    subfields.Add(new(code, Text(xml)));
                    break;
                case XmlNodeType.Element:
                    Skip(xml);
                    break;
            }
        }

        if (tag is not null)
        {
            fields.Add(FieldShape.Of(tag, indicators, subfields, warnings));
        }
    }

    private string? Tag(XmlTextReader xml)
    {
        var tag = xml.GetAttribute("tag");
        if (MarcField.IsTag(tag))
        {
            return tag;
        }

        warnings.Add(MarcProblems.Tag, $"A field with the tag \"{tag}\" was left out.");
        return null;
    }

    /// <summary>A blank where the attribute is missing or is not one character.</summary>
    private char Character(XmlTextReader xml, string attribute, string? tag)
    {
        if (xml.GetAttribute(attribute) is [var one])
        {
            return one;
        }

        warnings.Add(
            attribute is "code" ? MarcProblems.Subfield : MarcProblems.Indicators,
            $"Field {tag} has no {attribute} of one character.");
        return ' ';
    }

    private void Skip(XmlTextReader xml)
    {
        warnings.Add(MarcProblems.UnknownElement, $"The element \"{xml.Name}\" was skipped.");
        Text(xml);
    }

    /// <summary>The text of an element and of what it holds; leaves the reader at its end tag.</summary>
    private static string Text(XmlTextReader xml)
    {
        var (depth, isEmpty) = (xml.Depth, xml.IsEmptyElement);
        var text = "";
        StringBuilder? more = null;
        while (!isEmpty && xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA
                or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                more = text is "" ? null : (more ?? new(text)).Append(xml.Value);
                text = more is null ? xml.Value : text;
            }
        }

        return more?.ToString() ?? text;
    }

    private static string LocalName(string name) => name[(name.LastIndexOf(':') + 1)..];
}
