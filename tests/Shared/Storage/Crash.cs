namespace Lms.Grains.Tests;

/// <summary>How storage cuts a step short.</summary>
public enum Cut
{
    /// <summary>Nothing is stored.</summary>
    WriteFails,

    /// <summary>The state is stored, and the grain does not know.</summary>
    ReplyIsLost,

    /// <summary>Somebody else was faster; nothing is stored.</summary>
    Conflict,
}

/// <summary>Who comes by after something was cut short.</summary>
public enum Finisher
{
    Retry,
    NextTouch,
    Sweeper,
}

/// <summary>Every point at which a process over several grains can be cut short.</summary>
internal static class Crash
{
    /// <summary>Each step, named by its state and by how many writes of that state come before it.</summary>
    public static TheoryData<string, int, Cut, Finisher> At(params (string State, int Before)[] steps)
    {
        var cases = new TheoryData<string, int, Cut, Finisher>();
        foreach (var (state, before) in steps)
        {
            foreach (var (cut, finisher) in Ways())
            {
                cases.Add(state, before, cut, finisher);
            }
        }

        return cases;
    }

    /// <summary>Each first write of a state; memory survives, and then does not.</summary>
    public static TheoryData<string, Cut, Finisher, bool> OrNot(params string[] states)
    {
        var cases = new TheoryData<string, Cut, Finisher, bool>();
        foreach (var state in states)
        {
            foreach (var (cut, finisher) in Ways())
            {
                cases.Add(state, cut, finisher, false);
                cases.Add(state, cut, finisher, true);
            }
        }

        return cases;
    }

    private static IEnumerable<(Cut Cut, Finisher Finisher)> Ways() =>
        Enum.GetValues<Cut>().SelectMany(cut => Enum.GetValues<Finisher>().Select(finisher => (cut, finisher)));
}
