using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>The REST resources <c>/api/v1/providers</c> and <c>/api/v1/installations</c>.</summary>
internal static class ProviderEndpoints
{
    public sealed record NewProvider(
        string? Name, string? ApiUrl, string? WebUrl, long? AppId, string? ClientId, string? PrivateKey, string? KeyIn, string? WebhookSecret, string? Token, string? ClientSecret);

    public sealed record NewManifest(string? Name, string? Organization, string? ApiUrl, string? WebUrl, string? PublicUrl, string? RedirectUrl, bool? MirrorOnly, bool? SignIn, bool? PollOnly);

    public sealed record Conversion(string? Code, string? State);

    public sealed record NewHook(string? Name);

    private static NextStep Begin => new("Begin again", "/admin/providers/new", "switchyard provider add --name Switchyard");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers").RequireAuthorization(nameof(Role.Viewer)).WithTags("Providers");
        providers.MapGet("/", ListAsync).WithName("listProviders").WithSummary("Registered Apps and tokens").Checks(new ListOrder("id"));
        providers.MapGet("/{provider}", FindAsync).WithName("getProvider").WithSummary("A provider by id or slug");
        var writes = providers.MapGroup("").RequireAuthorization(nameof(Role.Admin));
        writes.MapPost("/", AddAsync).WithName("addProvider").WithSummary("Register an existing App or a fine-grained token by hand")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Nothing was stored.");
        writes.MapPost("/manifest", BeginAsync).Audited("provider.begin").WithName("beginRegistration").WithSummary("Begin GitHub's manifest flow: what to post where");
        writes.MapPost("/manifest/conversions", CompleteAsync).Audited("provider.register").WithName("completeRegistration").WithSummary("Exchange the code of the manifest flow")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Nothing was stored.");
        writes.MapPost("/{provider}/hooks", AddHookAsync).WithName("addRepositoryHook").WithSummary("A secret for a repository webhook set up by hand; shown once");
        writes.MapPost("/{provider}/hooks/{id:long}/rotate", RotateHookAsync).WithName("rotateRepositoryHook").WithSummary("A new secret for a repository webhook; the previous one stays valid until the next rotation");

        ProviderCareEndpoints.Map(providers, writes);

        var installations = routes.MapGroup("/api/v1/installations").RequireAuthorization(nameof(Role.Viewer)).WithTags("Installations");
        installations.MapGet("/", ListInstallationsAsync).WithName("listInstallations").WithSummary("Where the Apps are installed")
            .Checks(new ListOrder("id"), new QueryProvider());
        installations.MapPost("/sync", SyncInstallationsAsync).WithName("syncInstallations").WithSummary("List installations and their repositories again").RequireAuthorization(nameof(Role.Operator));
    }

    internal static async Task<Ok<Page<ProviderResource>>> ListAsync(HttpContext context, PageRequest page, ProviderStore store, ProviderView view, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(page, cancellation);
        var shown = new Dictionary<long, ProviderResource>();
        foreach (var provider in rows)
        {
            shown[provider.Id] = await view.ShowAsync(provider, cancellation);
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => shown[row.Id]));
    }

    internal static async Task<Results<Ok<ProviderResource>, ProblemHttpResult>> FindAsync(string provider, ProviderStore store, ProviderView view, CancellationToken cancellation) =>
        await ResolveAsync(provider, store, cancellation) is { } found ? TypedResults.Ok(await view.ShowAsync(found, cancellation)) : NotFound(provider);

    internal static async Task<Results<Created<ProviderResource>, ProblemHttpResult>> AddAsync(
        NewProvider request, HttpContext context, ProviderRegistration registration, ProviderView view, CancellationToken cancellation)
    {
        var issuer = request.ClientId ?? request.AppId?.ToString(CultureInfo.InvariantCulture);
        var keys = new[] { request.PrivateKey, request.KeyIn }.Count(key => !string.IsNullOrEmpty(key));
        if (string.IsNullOrEmpty(request.Token) == (keys != 1 || issuer is null))
        {
            return Problem.Invalid("Give either appId or clientId with privateKey or keyIn (a GitHub App, its key here or in a vault), or token (a fine-grained token standing in for one).");
        }

        GitHubHost host;
        try
        {
            host = HostOf(request.ApiUrl, request.WebUrl);
        }
        catch (ArgumentException wrong)
        {
            return Problem.Invalid(wrong.Message, AddressOf(request.ApiUrl));
        }

        if (!string.IsNullOrEmpty(request.KeyIn))
        {
            return await TryAsync(() => registration.AddAppWithKeyInAsync(host, request.Name, issuer!, request.KeyIn, request.WebhookSecret, request.ClientSecret, By(context), cancellation), "/keyIn", view, cancellation);
        }

        return string.IsNullOrEmpty(request.Token)
            ? await TryAsync(() => registration.AddAppAsync(host, request.Name, issuer!, request.PrivateKey!, request.WebhookSecret, request.ClientSecret, By(context), cancellation), "/privateKey", view, cancellation)
            : await TryAsync(() => registration.AddTokenAsync(host, request.Name ?? host.Web.Host, request.Token, By(context), cancellation), "/token", view, cancellation);
    }

    private static Task<Results<Ok<ManifestForm>, ProblemHttpResult>> BeginAsync(
        NewManifest request, HttpContext context, ProviderRegistration registration, IOptions<ProviderOptions> options, CancellationToken cancellation) =>
        BeginFromAsync(request, null, context, registration, options, cancellation);

    /// <param name="request">What is wanted.</param>
    /// <param name="panelUrl">Where the browser that asks finds the panel; null for the API.</param>
    /// <param name="context">The request.</param>
    /// <param name="registration">Begins it.</param>
    /// <param name="options">The public URL.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<Results<Ok<ManifestForm>, ProblemHttpResult>> BeginFromAsync(
        NewManifest request, string? panelUrl, HttpContext context, ProviderRegistration registration, IOptions<ProviderOptions> options, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 34)
        {
            return Problem.Invalid("A GitHub App needs a name of 1 to 34 characters that is unique on its host.", "/name");
        }

        try
        {
            var wanted = new NewRegistration(HostOf(request.ApiUrl, request.WebUrl), request.Name.Trim(), ProviderFeature.Of(request.MirrorOnly == true, request.SignIn == true))
            {
                Organization = string.IsNullOrWhiteSpace(request.Organization) ? null : request.Organization.Trim(),
                PublicUrl = request.PollOnly == true ? null : request.PublicUrl ?? options.Value.PublicUrl,
                RedirectUrl = request.RedirectUrl,
                PanelUrl = panelUrl,
                BoundTo = Session.IdOf(context),
            };
            return TypedResults.Ok(await registration.BeginAsync(wanted, cancellation));
        }
        catch (ArgumentException wrong)
        {
            return Problem.Invalid(wrong.Message, AddressOf(request.ApiUrl));
        }
    }

    private static Task<Results<Created<ProviderResource>, ProblemHttpResult>> CompleteAsync(
        Conversion request, HttpContext context, ProviderRegistration registration, ProviderView view, CancellationToken cancellation) =>
        CompleteFromAsync(request, context, registration, view, null, cancellation);

    internal static Task<Results<Created<ProviderResource>, ProblemHttpResult>> CompleteFromAsync(
        Conversion request, HttpContext context, ProviderRegistration registration, ProviderView view, Action<Registered>? look, CancellationToken cancellation) =>
        string.IsNullOrWhiteSpace(request.Code) || string.IsNullOrWhiteSpace(request.State)
            ? Task.FromResult<Results<Created<ProviderResource>, ProblemHttpResult>>(Problem.Invalid(
                "The code that GitHub gave the browser and the state of the registration are both needed.", string.IsNullOrWhiteSpace(request.Code) ? "/code" : "/state", Begin))
            : TryAsync(
                async () =>
                {
                    var registered = await registration.CompleteAsync(request.Code, request.State, Session.IdOf(context), By(context), cancellation);
                    look?.Invoke(registered);
                    return registered.Provider;
                },
                "/code",
                view,
                cancellation);

    internal static async Task<Results<Created<HookSecret>, ProblemHttpResult>> AddHookAsync(
        string provider, NewHook request, HttpContext context, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation)
    {
        if (await ResolveAsync(provider, store, cancellation) is not { } found)
        {
            return NotFound(provider);
        }

        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
        {
            return Problem.Invalid("A hook needs a name of 1 to 200 characters: the repository it is set up on.", "/name");
        }

        var (id, secret) = await hooks.AddAsync(found.Id, request.Name, By(context), cancellation);
        return TypedResults.Created((string?)null, new HookSecret(id.ToString(CultureInfo.InvariantCulture), secret, "/gateway/sync", "application/json"));
    }

    internal static async Task<Results<Ok<HookSecret>, ProblemHttpResult>> RotateHookAsync(
        string provider, long id, HttpContext context, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation) =>
        await ResolveAsync(provider, store, cancellation) is { } found && await hooks.RotateAsync(found.Id, id, By(context), cancellation) is { } secret
            ? TypedResults.Ok(new HookSecret(id.ToString(CultureInfo.InvariantCulture), secret, "/gateway/sync", "application/json"))
            : Problem.NotFound($"Provider {provider} has no repository hook {id}.");

    internal static async Task<Ok<Page<InstallationResource>>> ListInstallationsAsync(
        HttpContext context, PageRequest page, ProviderStore store, string? provider, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListInstallationsAsync(provider, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), ProviderView.Show));
    }

    internal static async Task<Accepted> SyncInstallationsAsync(ProviderStore store, Database database, Lanes lanes, CancellationToken cancellation)
    {
        foreach (var provider in await store.ListAsync(cancellation))
        {
            await database.WriteAsync(
                async session =>
                {
                    await ProviderStore.WantListingAsync(session, provider.Id);
                    await session.ExecuteAsync("update installations set wanted_listing = wanted_listing + 1 where provider_id = @Id", new { provider.Id });
                },
                cancellation);
            lanes.Kick<InstallationLane>(InstallationLane.LaneOf(provider.Id));
        }

        return TypedResults.Accepted("/api/v1/installations");
    }

    private static async Task<Results<Created<ProviderResource>, ProblemHttpResult>> TryAsync(
        Func<Task<Provider>> register, string credential, ProviderView view, CancellationToken cancellation)
    {
        try
        {
            var provider = await register();
            return TypedResults.Created($"/api/v1/providers/{provider.Id}", await view.ShowAsync(provider, cancellation));
        }
        catch (RegistrationException wrong)
        {
            return Problem.Invalid(wrong.Message, wrong.Member is { } member ? "/" + member : null, wrong.Member == "state" ? [Begin] : []);
        }
        catch (AlreadyRegisteredException there)
        {
            return Problem.Conflict(there.Message, new NextStep("Look at it", "/admin/providers/" + there.Slug, $"switchyard provider view {there.Slug}"));
        }
        catch (ArgumentException wrong)
        {
            return Problem.Invalid(wrong.Message, credential);
        }
        catch (FormatException wrong)
        {
            return Problem.Invalid(wrong.Message, "/privateKey");
        }
        catch (GitHubException refused) when (credential == "/code" && refused.Kind is GitHubErrorKind.NotFound or GitHubErrorKind.Validation)
        {
            return Problem.Invalid(refused.Message + " GitHub takes a code once, and for an hour. Nothing was stored.", credential, Begin);
        }
        catch (GitHubException refused) when (refused.Kind is GitHubErrorKind.Unauthorized or GitHubErrorKind.PermissionMissing or GitHubErrorKind.NotFound)
        {
            return Problem.Invalid(Problem.CredentialsRefused, refused.Message + " Nothing was stored.", credential);
        }
        catch (GitHubException failed)
        {
            return Problem.Upstream(failed.Message);
        }
    }

    private static GitHubHost HostOf(string? apiUrl, string? webUrl) =>
        GitHubHost.Parse(apiUrl, webUrl);

    private static string AddressOf(string? apiUrl) => apiUrl is null ? "/webUrl" : "/apiUrl";

    internal static Task<Provider?> ResolveAsync(string provider, ProviderStore store, CancellationToken cancellation) =>
        long.TryParse(provider, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? store.FindAsync(id, cancellation) : store.FindAsync(provider, cancellation);

    internal static ProblemHttpResult NotFound(string provider) =>
        Problem.NotFound($"There is no provider \"{provider}\".", new NextStep("List providers", Href: "/api/v1/providers", Command: "switchyard provider list"));

    internal static string By(HttpContext context) => context.User.Identity?.Name ?? "unknown";
}
