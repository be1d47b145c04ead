using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Lms.Catalogue;

/// <summary>How records become books where they leave it open. Section <c>Lms:Imports</c>.</summary>
public sealed class CatalogueOptions
{
    public const string Section = "Lms:Imports";

    /// <summary>The author of a book whose record names nobody. Default: Unknown.</summary>
    [Required, StringLength(Headings.MaxLength, MinimumLength = 1)]
    public string UnknownAuthor { get; set; } = "Unknown";

    /// <summary>The bio of an author whom an import brings: authors have one. Default: "From an imported catalogue."</summary>
    [Required, StringLength(4096, MinimumLength = 1)]
    public string AuthorBio { get; set; } = "From an imported catalogue.";

    /// <summary>The genre of a book that no rule finds one for. Default: General.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string DefaultGenre { get; set; } = "General";

    /// <summary>Where genres come from, the first that fits. Default: genres of many libraries by words of subjects and by class.</summary>
    [ValidateEnumeratedItems]
    public IList<GenreRule> Genres { get; } = [];
}

/// <summary>A genre and how to tell its books.</summary>
public sealed class GenreRule
{
    /// <summary>1 to 100 characters.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Genre { get; set; } = "";

    /// <summary>Whole words, or phrases of them, of which a subject contains one; accents and case do not matter.</summary>
    public IList<string> Subjects { get; init; } = [];

    /// <summary>Beginnings of classes of the Library of Congress Classification, such as "PR" or "QA76".</summary>
    public IList<string> Lcc { get; init; } = [];

    /// <summary>Beginnings of classes of the Dewey Decimal Classification, such as "82" or "004".</summary>
    public IList<string> Ddc { get; init; } = [];
}

[OptionsValidator]
public sealed partial class CatalogueOptionsValidator : IValidateOptions<CatalogueOptions>;

public static class CatalogueServices
{
    /// <summary>Adds the reading and writing of catalogues, as it is configured. Safe to repeat.</summary>
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddOptions<CatalogueOptions>().BindConfiguration(CatalogueOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CatalogueOptions>, CatalogueOptionsValidator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<CatalogueOptions>>().Value);
        services.TryAddSingleton<Genres>();
        services.TryAddSingleton<MarcExport>();
        return services;
    }
}
