using Lms.ApiFrontend.Authors;
using Lms.ApiFrontend.Books;
using Lms.ApiFrontend.Changes;
using Lms.ApiFrontend.Exports;
using Lms.ApiFrontend.Genres;
using Lms.ApiFrontend.Imports;
using Lms.ApiFrontend.Journal;
using Lms.ApiFrontend.Lendings;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Readers;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Users;

namespace Lms.ApiFrontend;

/// <summary>The table of contents of the HTTP API: one line for each service.</summary>
internal static class Api
{
    public static void MapLms(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api");

        api.MapAuthors();
        api.MapBooks();
        api.MapFullText();
        api.MapChanges();
        api.MapCopies();
        api.MapExports();
        api.MapGenres();
        api.MapImports();
        api.MapLendings();
        api.MapMaintenance();
        api.MapReturns();
        api.MapReturnReview();
        api.MapReaders();
        api.MapUsers();
        api.MapBootstrap();
        api.MapKeys();
        api.MapBreakers();

        app.MapKeySet();
        app.MapStatus();
    }
}
