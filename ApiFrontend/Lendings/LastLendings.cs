using Lms.Grains.Abstractions.Lendings;

namespace Lms.ApiFrontend.Lendings;

/// <summary>
/// Which lending this gateway has last seen a copy with. A hint for the time when nobody can be asked: another gateway may
/// know better.
/// </summary>
internal sealed class LastLendings
{
    /// <summary>Copies in each of the two halves; the older half goes when the younger is full.</summary>
    internal const int Half = 20_000;

    private readonly Lock _lock = new();
    private Dictionary<Barcode, LendingNumber?> _young = [];
    private Dictionary<Barcode, LendingNumber?> _old = [];

    /// <param name="barcode">The copy.</param>
    /// <param name="lending">Null when it stands on the shelf.</param>
    public void Note(Barcode barcode, LendingNumber? lending)
    {
        lock (_lock)
        {
            _young[barcode] = lending;
            if (_young.Count >= Half)
            {
                (_old, _young) = (_young, []);
            }
        }
    }

    public void Note(Lending? lending)
    {
        if (lending?.Barcode is { } barcode)
        {
            Note(barcode, lending.ReturnedOn is null ? lending.Number : null);
        }
    }

    /// <summary>Null for a copy that was not seen, or was seen on the shelf.</summary>
    public LendingNumber? Of(Barcode barcode)
    {
        lock (_lock)
        {
            return _young.TryGetValue(barcode, out var lending) ? lending : _old.GetValueOrDefault(barcode);
        }
    }
}
