namespace Lms.Process.Tests.Kills;

/// <summary>A reader as the client knows it. Between two steps exactly one thread has it.</summary>
internal sealed class ReaderFact(string number, string username, string fullName, string token = "")
{
    private readonly Lock turn = new();
    private readonly List<LendingFact> lendings = [];

    public string Number => number;

    public string Username => username;

    public string FullName => fullName;

    public string Token => token;

    /// <summary>Every lending that was acknowledged.</summary>
    public IReadOnlyList<LendingFact> Lendings
    {
        get
        {
            lock (turn)
            {
                return [.. lendings];
            }
        }
    }

    public IReadOnlyList<LendingFact> Open => [.. Lendings.Where(lending => lending.ReturnedOn is null)];

    public void Add(LendingFact lending)
    {
        lock (turn)
        {
            lendings.Add(lending);
        }
    }
}

/// <summary>A lending as its acknowledgement told of it.</summary>
internal sealed record LendingFact(ReaderFact Reader, string Number, string StartedOn, string DueOn, string? Barcode)
{
    public string Path => $"/api/lendings/{Number}";

    /// <summary>The day of an acknowledged return.</summary>
    public string? ReturnedOn { get; set; }

    /// <summary>A return was sent whose answer is not known.</summary>
    public bool IsInDoubt { get; set; }
}

/// <summary>An author's biography or a book's description, and how often it was acknowledged to have changed.</summary>
internal sealed class TextFact(string path, string name, string text)
{
    public string Path => path;

    /// <summary>The field's name, in forms and views.</summary>
    public string Name => name;

    public string Text { get; set; } = text;

    public int Version { get; set; }

    /// <summary>An edit was sent whose answer is not known.</summary>
    public bool IsInDoubt { get; set; }
}

/// <summary>A book and its copies' barcodes, which may be none.</summary>
internal sealed record BookFact(string Isbn, string[] Barcodes);
