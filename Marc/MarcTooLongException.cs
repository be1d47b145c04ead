namespace Lms.Marc;

/// <summary>
/// ISO 2709 tells the length of a field in four digits and that of a record in five: 9,999 and 99,999 bytes. The record
/// was not written; as MARCXML it can be.
/// </summary>
public sealed class MarcTooLongException : Exception
{
    public MarcTooLongException()
    {
    }

    public MarcTooLongException(string message)
        : base(message)
    {
    }

    public MarcTooLongException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
