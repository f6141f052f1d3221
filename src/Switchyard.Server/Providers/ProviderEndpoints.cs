using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.GitHub;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Providers;

/// <summary>The REST resources <c>/api/v1/providers</c> and <c>/api/v1/installations</c>.</summary>
internal static class ProviderEndpoints
{
    public sealed record NewProvider(
        string? Name, string? ApiUrl, string? WebUrl, long? AppId, string? ClientId, string? PrivateKey, string? KeyIn, string? WebhookSecret, string? Token);

    public sealed record NewManifest(string? Name, string? Organization, string? ApiUrl, string? WebUrl, string? PublicUrl, string? RedirectUrl, bool? MirrorOnly);

    public sealed record Conversion(string? Code, string? State);

    public sealed record Secret(string Name, bool Set, DateTimeOffset UpdatedAt, string SetBy, string Fingerprint);

    public sealed record ProviderResource(
        string Id, string Slug, string Kind, string Name, string ApiUrl, string WebUrl, string? AppId, string? ClientId, string? AppSlug, string? Owner, string? OwnerType,
        string? HtmlUrl, string? InstallUrl, string WebhookPath, string? KeyIn, string? KeyFingerprint, string Health, string? Reason, DateTimeOffset CreatedAt, IReadOnlyList<Secret> Secrets);

    public sealed record InstallationResource(
        string Id, string Provider, string GithubId, string Account, string AccountType, string State, string? RepositorySelection, JsonElement? Permissions, string? Reason,
        string HtmlUrl, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    public sealed record NewHook(string? Name);

    public sealed record HookSecret(string Id, string Secret, string Path, string ContentType);

    private static NextStep Begin => new("Begin again", Command: "switchyard provider add --name Switchyard");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers").RequireAuthorization(nameof(Role.Viewer)).WithTags("Providers");
        providers.MapGet("/", ListAsync).WithName("listProviders").WithSummary("Registered Apps and tokens").Checks(new ListOrder("id"));
        providers.MapGet("/{provider}", FindAsync).WithName("getProvider").WithSummary("A provider by id or slug");
        var writes = providers.MapGroup("").RequireAuthorization(nameof(Role.Admin));
        writes.MapPost("/", AddAsync).WithName("addProvider").WithSummary("Register an existing App or a fine-grained token by hand")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Nothing was stored.");
        writes.MapPost("/manifest", BeginAsync).WithName("beginRegistration").WithSummary("Begin GitHub's manifest flow: what to post where");
        writes.MapPost("/manifest/conversions", CompleteAsync).WithName("completeRegistration").WithSummary("Exchange the code of the manifest flow")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Nothing was stored.");
        writes.MapPost("/{provider}/hooks", AddHookAsync).WithName("addRepositoryHook").WithSummary("A secret for a repository webhook set up by hand; shown once");
        writes.MapPost("/{provider}/hooks/{id:long}/rotate", RotateHookAsync).WithName("rotateRepositoryHook").WithSummary("A new secret for a repository webhook; the previous one stays valid until the next rotation");

        var installations = routes.MapGroup("/api/v1/installations").RequireAuthorization(nameof(Role.Viewer)).WithTags("Installations");
        installations.MapGet("/", ListInstallationsAsync).WithName("listInstallations").WithSummary("Where the Apps are installed")
            .Checks(new ListOrder("id"), new QueryProvider());
        installations.MapPost("/sync", SyncInstallationsAsync).WithName("syncInstallations").WithSummary("List installations and their repositories again").RequireAuthorization(nameof(Role.Operator));
    }

    private static async Task<Ok<Page<ProviderResource>>> ListAsync(HttpContext context, PageRequest page, ProviderStore store, SecretVault vault, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(page, cancellation);
        var shown = new Dictionary<long, ProviderResource>();
        foreach (var provider in rows)
        {
            shown[provider.Id] = await ShowAsync(provider, vault, cancellation);
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => shown[row.Id]));
    }

    private static async Task<Results<Ok<ProviderResource>, ProblemHttpResult>> FindAsync(string provider, ProviderStore store, SecretVault vault, CancellationToken cancellation) =>
        await ResolveAsync(provider, store, cancellation) is { } found ? TypedResults.Ok(await ShowAsync(found, vault, cancellation)) : NotFound(provider);

    private static async Task<Results<Created<ProviderResource>, ProblemHttpResult>> AddAsync(
        NewProvider request, HttpContext context, ProviderRegistration registration, SecretVault vault, CancellationToken cancellation)
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
            return await TryAsync(() => registration.AddAppWithKeyInAsync(host, request.Name, issuer!, request.KeyIn, request.WebhookSecret, By(context), cancellation), "/keyIn", vault, cancellation);
        }

        return string.IsNullOrEmpty(request.Token)
            ? await TryAsync(() => registration.AddAppAsync(host, request.Name, issuer!, request.PrivateKey!, request.WebhookSecret, By(context), cancellation), "/privateKey", vault, cancellation)
            : await TryAsync(() => registration.AddTokenAsync(host, request.Name ?? host.Web.Host, request.Token, By(context), cancellation), "/token", vault, cancellation);
    }

    private static async Task<Results<Ok<ManifestForm>, ProblemHttpResult>> BeginAsync(NewManifest request, ProviderRegistration registration, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 34)
        {
            return Problem.Invalid("A GitHub App needs a name of 1 to 34 characters that is unique on its host.", "/name");
        }

        try
        {
            return TypedResults.Ok(await registration.BeginAsync(
                HostOf(request.ApiUrl, request.WebUrl), request.Name, request.Organization, request.PublicUrl, request.RedirectUrl, request.MirrorOnly == true, cancellation));
        }
        catch (ArgumentException wrong)
        {
            return Problem.Invalid(wrong.Message, AddressOf(request.ApiUrl));
        }
    }

    private static Task<Results<Created<ProviderResource>, ProblemHttpResult>> CompleteAsync(
        Conversion request, HttpContext context, ProviderRegistration registration, SecretVault vault, CancellationToken cancellation) =>
        string.IsNullOrWhiteSpace(request.Code) || string.IsNullOrWhiteSpace(request.State)
            ? Task.FromResult<Results<Created<ProviderResource>, ProblemHttpResult>>(Problem.Invalid(
                "The code that GitHub gave the browser and the state of the registration are both needed.", string.IsNullOrWhiteSpace(request.Code) ? "/code" : "/state", Begin))
            : TryAsync(() => registration.CompleteAsync(request.Code, request.State, By(context), cancellation), "/code", vault, cancellation);

    private static async Task<Results<Created<HookSecret>, ProblemHttpResult>> AddHookAsync(
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

        try
        {
            var (id, secret) = await hooks.AddAsync(found.Id, request.Name, By(context), cancellation);
            return TypedResults.Created((string?)null, new HookSecret(id.ToString(CultureInfo.InvariantCulture), secret, "/gateway/sync", "application/json"));
        }
        catch (VaultException refused)
        {
            return Problem.Upstream(refused.Message);
        }
    }

    private static async Task<Results<Ok<HookSecret>, ProblemHttpResult>> RotateHookAsync(
        string provider, long id, HttpContext context, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation)
    {
        try
        {
            return await ResolveAsync(provider, store, cancellation) is { } found && await hooks.RotateAsync(found.Id, id, By(context), cancellation) is { } secret
                ? TypedResults.Ok(new HookSecret(id.ToString(CultureInfo.InvariantCulture), secret, "/gateway/sync", "application/json"))
                : Problem.NotFound($"Provider {provider} has no repository hook {id}.");
        }
        catch (VaultException refused)
        {
            return Problem.Upstream(refused.Message);
        }
    }

    private static async Task<Ok<Page<InstallationResource>>> ListInstallationsAsync(
        HttpContext context, PageRequest page, ProviderStore store, string? provider, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListInstallationsAsync(provider, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    private static async Task<Accepted> SyncInstallationsAsync(ProviderStore store, Database database, Lanes lanes, CancellationToken cancellation)
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
        Func<Task<Provider>> register, string credential, SecretVault vault, CancellationToken cancellation)
    {
        try
        {
            var provider = await register();
            return TypedResults.Created($"/api/v1/providers/{provider.Id}", await ShowAsync(provider, vault, cancellation));
        }
        catch (VaultException refused)
        {
            return Problem.Upstream(refused.Message, new NextStep("Look at the vaults", Href: "/api/v1/vault", Command: "switchyard vault status"));
        }
        catch (RegistrationException wrong)
        {
            return Problem.Invalid(wrong.Message, wrong.Member is { } member ? "/" + member : null);
        }
        catch (AlreadyRegisteredException there)
        {
            return Problem.Conflict(there.Message, new NextStep("Look at it", "/api/v1/providers/" + there.Slug, $"switchyard provider view {there.Slug}"));
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

    private static Task<Provider?> ResolveAsync(string provider, ProviderStore store, CancellationToken cancellation) =>
        long.TryParse(provider, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? store.FindAsync(id, cancellation) : store.FindAsync(provider, cancellation);

    private static ProblemHttpResult NotFound(string provider) =>
        Problem.NotFound($"There is no provider \"{provider}\".", new NextStep("List providers", Href: "/api/v1/providers", Command: "switchyard provider list"));

    private static string By(HttpContext context) => context.User.Identity?.Name ?? "unknown";

    private static async Task<ProviderResource> ShowAsync(Provider provider, SecretVault vault, CancellationToken cancellation)
    {
        var secrets = await vault.ListAsync(provider.SecretScope, cancellation);
        return new ProviderResource(
            provider.Id.ToString(CultureInfo.InvariantCulture),
            provider.Slug,
            provider.Kind,
            provider.Name,
            provider.ApiUrl,
            provider.WebUrl,
            provider.AppId?.ToString(CultureInfo.InvariantCulture),
            provider.ClientId,
            provider.AppSlug,
            provider.OwnerLogin,
            provider.OwnerType,
            provider.HtmlUrl,
            provider.AppSlug is null ? null : InstallUrlOf(provider),
            "/webhooks/" + provider.Slug,
            provider.KeyIn,
            provider.KeyFingerprint,
            provider.Health,
            provider.Reason,
            DateTimeOffset.FromUnixTimeMilliseconds(provider.CreatedAt),
            secrets.ConvertAll(secret => new Secret(secret.Name, true, secret.UpdatedAt, secret.SetBy, secret.Fingerprint)));
    }

    private static string InstallUrlOf(Provider provider)
    {
        var web = provider.WebUrl.TrimEnd('/');
        return web == "https://github.com" || web.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase)
            ? $"{web}/apps/{provider.AppSlug}/installations/new"
            : $"{web}/github-apps/{provider.AppSlug}/installations/new";
    }

    private static InstallationResource Show(InstallationRow row)
    {
        using var permissions = row.Permissions is null ? null : JsonDocument.Parse(row.Permissions);
        return new InstallationResource(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.Provider,
            row.GithubId.ToString(CultureInfo.InvariantCulture),
            row.AccountLogin,
            row.AccountType,
            row.State,
            row.RepositorySelection,
            permissions?.RootElement.Clone(),
            row.Reason,
            InstallationReason.SettingsUrl(row.WebUrl, row.AccountLogin, row.AccountType, row.GithubId),
            DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt));
    }
}
