using Lms.Grains.Lendings;

namespace Lms.Grains;

/// <summary>The services of the library, and to which of them each grain belongs.</summary>
/// <remarks>
/// A grain belongs to the service whose folder it stands in, unless the tables say otherwise. Exports and lists need no entry:
/// they are read from the read model and have no grains.
/// </remarks>
public static class LibraryServices
{
    // Asked by several services, or at work for all of them: lives wherever there is a silo, so that it is away with none.
    private const string? Shared = null;

    private static readonly Dictionary<string, string?> s_folders = new(StringComparer.Ordinal)
    {
        ["Demo"] = Shared,
        ["Imports"] = "books", // what an import does, it does to books
        ["Infrastructure"] = Shared, // the sweeper
        ["Operations"] = Shared,
        ["Photos"] = Shared, // of books, authors and readers
        ["Sequences"] = Shared,
    };

    private static readonly Dictionary<Type, string?> s_classes = new()
    {
        [typeof(CopyGrain)] = "copies",
        [typeof(HoldingsGrain)] = "copies",
    };

    /// <summary>All services, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(LibraryServices).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)))
            .Select(Of).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The service of a grain class; null for one that no service has for itself.</summary>
    public static string? Of(Type grainClass)
    {
        ArgumentNullException.ThrowIfNull(grainClass);
        if (grainClass.Assembly != typeof(LibraryServices).Assembly)
        {
            return null; // Orleans has grains as well
        }

        var folder = grainClass.Namespace!.Split('.')[^1];
        return s_classes.TryGetValue(grainClass, out var service) || s_folders.TryGetValue(folder, out service)
            ? service
            : folder.ToLowerInvariant();
    }
}
