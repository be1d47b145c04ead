using Lms.Grains.Abstractions.Lendings;

namespace Lms.Grains.Abstractions;

/// <summary>The services of the library, and to which of them each grain belongs.</summary>
/// <remarks>
/// A grain belongs to the service in whose folder its interface stands, unless the tables say otherwise. Exports and lists need
/// no entry: they are read from the read model and have no grains.
/// </remarks>
public static class LibraryServices
{
    // Asked by several services, or at work for all of them: lives wherever there is a silo, so that it is away with none.
    private const string? Shared = null;

    private static readonly Dictionary<string, string?> s_folders = new(StringComparer.Ordinal)
    {
        ["Demo"] = Shared,
        ["Imports"] = "books", // what an import does, it does to books
        ["Maintenance"] = Shared,
        ["Operations"] = Shared,
        ["Photos"] = Shared, // of books, authors and readers
        ["Sequences"] = Shared,
    };

    private static readonly Dictionary<Type, string?> s_interfaces = new()
    {
        [typeof(ICopyGrain)] = "copies",
        [typeof(IHoldingsGrain)] = "copies",
        [typeof(IResumable)] = Shared,
    };

    /// <summary>All services, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(LibraryServices).Assembly.GetTypes().Where(IsOfLibrary)
            .Select(OfInterface).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The service of a grain class, or of a grain interface; null for one that no service has for itself.</summary>
    public static string? Of(Type grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return IsOfLibrary(grain) ? OfInterface(grain)
            : Array.Find(grain.GetInterfaces(), one => IsOfLibrary(one) && one != typeof(IResumable)) is { } known ? OfInterface(known)
            : Shared; // Orleans has grains as well, and the sweeper works for all
    }

    private static bool IsOfLibrary(Type type) =>
        type.IsInterface && type.IsAssignableTo(typeof(IGrain)) && type.Assembly == typeof(LibraryServices).Assembly;

    private static string? OfInterface(Type grain)
    {
        var folder = grain.Namespace!.Split('.')[^1];
        return s_interfaces.TryGetValue(grain, out var service) || s_folders.TryGetValue(folder, out service)
            ? service
            : folder.ToLowerInvariant();
    }
}
