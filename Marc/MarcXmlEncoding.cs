using System.Text;

namespace Lms.Marc;

/// <summary>The encodings of documents whose markup is ASCII.</summary>
internal static class MarcXmlEncoding
{
    public static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>UTF-8 for a name that is unknown, or that the bytes read so far prove wrong.</summary>
    public static Encoding Named(string name)
    {
        try
        {
            var (encoder, decoder) = (EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, encoder, decoder)
                ?? Encoding.GetEncoding(name, encoder, decoder);
            return encoding.GetBytes("<").AsSpan().SequenceEqual("<"u8) ? encoding : Utf8;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return Utf8;
        }
    }

    public static bool TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = encoding.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
