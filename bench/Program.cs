using Lms.Bench;

const string usage =
    """
    Measures the library side by side with what the machine can do at most; every figure is of one run.

    dotnet run -c Release --project bench -- import FILE [--author-separator TEXT] [--rounds 3] [--keep DIR]
        Imports a catalogue file into an empty embedded library, in turns with a raw loop that writes the same state rows
        in single-row SQLite transactions. --keep leaves the last library in DIR.
    dotnet run -c Release --project bench -- search DIR [--rounds 200]
        Searches the library in DIR, in turns with the bare full-text index.
    """;

return args switch
{
    ["import", var file, .. var options] => await ImportBench.RunAsync(
        file,
        Option(options, "--author-separator"),
        int.Parse(Option(options, "--rounds") ?? "3", System.Globalization.CultureInfo.InvariantCulture),
        Option(options, "--keep")),
    ["search", var directory, .. var options] => await SearchBench.RunAsync(
        directory, int.Parse(Option(options, "--rounds") ?? "200", System.Globalization.CultureInfo.InvariantCulture)),
    _ => Wrong(),
};

string? Option(string[] options, string name) =>
    Array.IndexOf(options, name) is >= 0 and var place && place + 1 < options.Length ? options[place + 1] : null;

int Wrong()
{
    Console.Error.WriteLine(usage);
    return 2;
}
