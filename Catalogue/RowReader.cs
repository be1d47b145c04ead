namespace Lms.Catalogue;

/// <summary>Text of which no row is longer than so many characters, so that none fills the memory.</summary>
internal sealed class RowReader(TextReader text, int longest) : TextReader
{
    private int _read;

    public void BeginRow() => _read = 0;

    public override int Peek() => text.Peek();

    public override int Read() => text.Read();

    public override int Read(char[] buffer, int index, int count) => Counted(text.Read(buffer, index, count));

    public override async Task<int> ReadAsync(char[] buffer, int index, int count) =>
        Counted(await text.ReadAsync(buffer.AsMemory(index, count)));

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
        Counted(await text.ReadAsync(buffer, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            text.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        _read += read;
        return _read <= longest ? read : throw new RowTooLongException($"A row has more than {longest} characters.");
    }
}

internal sealed class RowTooLongException(string message) : Exception(message);
