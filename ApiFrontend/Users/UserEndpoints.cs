using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Users;

namespace Lms.ApiFrontend.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var open = api.MapGroup("/public").WithTags("Users").OfContract();

        open.MapPost("/login", SignInAsync).WithName("SignIn").ForAnyone()
            .WithSummary("Signs in. The token is the answer's header Authorization, without a scheme.").OnlyReads()
            .Answers<SignedInView>().Refuses(400, 429).Produces(401);
        open.MapPost("/register", RegisterAsync).WithName("Register").ForAnyone()
            .WithSummary("Registers a user with the role READER and without a reader's profile.")
            .Answers<UserView>().Refuses(400, 403, 409).RefusesWithProblem(422);

        var users = api.MapGroup("/admin/users").WithTags("Users").OfContract();

        users.MapPost("", CreateAsync).WithName("CreateUser").For(Roles.Admin)
            .WithSummary("Adds a user of any role.")
            .Answers<UserView>().Refuses(400, 409).RefusesWithProblem(422);
        users.MapPut("/{id}", ChangeAsync).WithName("ChangeUser").For(Roles.Admin)
            .WithSummary("Changes what is given of a user.")
            .Answers<UserView>().Refuses(400, 404, 409).RefusesWithProblem(422);
        users.MapGet("/{id}", GetAsync).WithName("GetUser").For(Roles.Admin)
            .WithSummary("One user who is not disabled.")
            .Answers<UserView>().Refuses(404);
        users.MapDelete("/{id}", DisableAsync).WithName("DisableUser").For(Roles.Admin)
            .WithSummary("Disables a user; tokens of the user stop working within seconds.")
            .Answers<UserView>().Refuses(404).RefusesWithProblem(422);
        users.MapPost("/search", SearchAsync).WithName("SearchUsers").For(Roles.Admin)
            .WithSummary("Users whose username is, or whose name contains, a text; newest first.").OnlyReads()
            .Answers<Wrapped<UserView>>().Refuses(400);

        var words = api.MapGroup("/admin/forbidden-words").WithTags("Users");

        words.MapGet("", GetWordsAsync).WithName("GetForbiddenWords").For(Roles.Admin)
            .WithSummary("The words that names must not contain.")
            .Answers<ForbiddenWordsView>();
        words.MapPut("", SetWordsAsync).WithName("SetForbiddenWords").For(Roles.Admin)
            .WithSummary("Replaces the words that names must not contain.")
            .Answers<ForbiddenWordsView>().RefusesWithProblem(400, 422);
    }

    public static void MapKeySet(this IEndpointRouteBuilder app) =>
        app.MapGet("/.well-known/jwks.json", (SigningKeys keys) => TypedResults.Json(Tokens.KeySet(keys)))
            .WithName("GetKeySet").WithTags("Users").ForAnyone()
            .WithSummary("The public keys that tokens can be checked with (RFC 7517).")
            .Produces(StatusCodes.Status200OK, contentType: "application/json");

    private static async Task<IResult> SignInAsync(
        SignInRequest body, HttpContext http, SignIn signIn, CancellationToken cancellationToken)
    {
        if (!Username.TryParse(body.Username, out var username))
        {
            return ContractErrors.Field("authRequest", "username", body.Username, "must be a well-formed email address");
        }

        return string.IsNullOrEmpty(body.Password)
            ? ContractErrors.Field("authRequest", "password", rejectedValue: null, "must not be blank")
            : await signIn.RunAsync(http, username, body.Password, cancellationToken);
    }

    private static async Task<IResult> RegisterAsync(
        RegisterRequest body, HttpContext http, UserCommands users, CancellationToken cancellationToken)
    {
        if (body.Check("createUserRequest") is { } refusal)
        {
            return refusal;
        }

        return body.Role switch
        {
            Roles.Reader => await users.RegisterAsync(http, body, cancellationToken),
            Roles.Librarian or Roles.Admin => ContractErrors.Of(UserRejections.RoleReserved),
            _ => TypedResults.Ok(),
        };
    }

    private static async Task<IResult> CreateAsync(
        RegisterRequest body, HttpContext http, UserCommands users, CancellationToken cancellationToken) =>
        body.Check("createUserRequest") ?? await users.RegisterAsync(http, body, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        string id, ChangeUserRequest body, HttpContext http, UserCommands users, CancellationToken cancellationToken) =>
        UserId.TryParse(id, out var user)
            ? await users.ChangeAsync(http, user, body, cancellationToken)
            : NotFound(id);

    private static async Task<IResult> GetAsync(string id, UserCommands users, CancellationToken cancellationToken) =>
        UserId.TryParse(id, out var user)
            ? UserCommands.Answer(await users.GetEnabledAsync(user, cancellationToken))
            : NotFound(id);

    private static async Task<IResult> DisableAsync(
        string id, HttpContext http, UserCommands users, CancellationToken cancellationToken) =>
        UserId.TryParse(id, out var user)
            ? await users.DisableAsync(http, user, cancellationToken)
            : NotFound(id);

    private static async Task<IResult> SearchAsync(
        SearchRequest<UserQuery>? body, UserQueries users, CancellationToken cancellationToken)
    {
        var page = body?.Page ?? PageRequest.First;
        if (!page.IsValid)
        {
            return ContractErrors.BadRequest("The page is out of range.");
        }

        var found = await users.SearchAsync(
            string.IsNullOrEmpty(body?.Query?.Username) ? null : body.Query.Username.ToLowerInvariant(),
            SearchText.FoldedOrNull(body?.Query?.FullName),
            page.Offset,
            page.Size,
            cancellationToken);
        return TypedResults.Json(new Wrapped<UserView>(
            [.. found.Select(user => new UserView(new UserId(user.Id).ToString(), user.Username, user.FullName))]));
    }

    private static async Task<IResult> GetWordsAsync(IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken)
    {
        var words = await calls.ReadAsync(grains.ForbiddenWords(), (grain, token) => grain.GetAsync(token), cancellationToken);
        return TypedResults.Json(new ForbiddenWordsView(words.Words));
    }

    private static Task<IResult> SetWordsAsync(
        ForbiddenWordsView body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        CancellationToken cancellationToken) => commands.RunAsync(
            http,
            context => calls.WriteAsync(
                grains.ForbiddenWords(),
                (grain, token) => grain.SetAsync(context.Operation, new(body.Words ?? []), token),
                cancellationToken),
            _ => "words",
            async _ => await calls.ReadAsync(grains.ForbiddenWords(), (grain, token) => grain.GetAsync(token), cancellationToken),
            words => Task.FromResult(words.IsAccepted
                ? TypedResults.Json(new ForbiddenWordsView(words.Value.Words))
                : Problems.Of(words.Rejection)));

    private static IResult NotFound(string id) =>
        ContractErrors.NotFound($"Entity User with id {(id.Length > 50 ? id[..50] : id)} not found");
}
