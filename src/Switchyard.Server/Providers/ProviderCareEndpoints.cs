using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Providers;

/// <summary>What keeps a provider well: tests, rotation of its credentials, webhooks set up by hand, requests that wait for owners.</summary>
internal static class ProviderCareEndpoints
{
    public sealed record NewKey(string? PrivateKey, string? KeyIn);

    public sealed record ProbeRequest(string? Url, string? WebUrl);

    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder writes)
    {
        writes.MapPost("/{provider}/test", TestAsync).WithName("testProvider").WithSummary("Ask GitHub whether it accepts the credentials")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time.");
        writes.MapPost("/{provider}/key", RotateKeyAsync).Audited("provider.key.rotate").WithName("rotateProviderKey").WithSummary("Take another private key of the App; the one before stays good until it is forgotten")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Nothing was stored.");
        writes.MapDelete("/{provider}/key/previous", (string provider, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
            ForgetAsync(provider, ProviderSecret.PreviousPrivateKey, store, credentials, cancellation)).Audited("provider.key.forget").WithName("forgetProviderKey").WithSummary("Forget the private key before the last rotation");
        writes.MapPost("/{provider}/webhook-secret/rotate", RotateSecretAsync).WithName("rotateWebhookSecret").WithSummary("A new webhook secret, here and on GitHub; the one before stays good")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "GitHub did not answer in time. Both secrets are good here; rotate again.");
        writes.MapDelete("/{provider}/webhook-secret/previous", (string provider, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
            ForgetAsync(provider, ProviderSecret.PreviousWebhookSecret, store, credentials, cancellation)).Audited("provider.webhook-secret.forget").WithName("forgetWebhookSecret").WithSummary("Forget the webhook secret before the last rotation");
        writes.MapPost("/probe", async (ProbeRequest request, PublicUrlProbe probe, IOptions<ProviderOptions> options, CancellationToken cancellation) => await ProbeAsync(request, probe, options, cancellation))
            .ChangesNothing().WithName("probePublicUrl").WithSummary("Whether GitHub can reach this server under an address");
        reads.MapGet("/{provider}/hooks", ListHooksAsync).WithName("listRepositoryHooks").WithSummary("Webhooks set up by hand on repositories, without their secrets").Checks(new ListOrder("id"));
        writes.MapDelete("/{provider}/hooks/{id:long}", RemoveHookAsync).WithName("removeRepositoryHook").WithSummary("Take no more deliveries of a webhook set up by hand");
        reads.MapGet("/requests", ListRequestsAsync).WithName("listInstallationRequests").WithSummary("Members' requests to install an App, for their owners to decide").Checks(new ListOrder("id"), new QueryProvider());
    }

    internal static async Task<Results<Ok<ProbeResult>, ProblemHttpResult>> ProbeAsync(ProbeRequest request, PublicUrlProbe probe, IOptions<ProviderOptions> options, CancellationToken cancellation)
    {
        try
        {
            return TypedResults.Ok(await probe.RunAsync(request.Url ?? options.Value.PublicUrl, GitHubHost.Parse(null, request.WebUrl), cancellation));
        }
        catch (ArgumentException wrong)
        {
            return Problem.Invalid(wrong.Message, "/webUrl");
        }
    }

    internal static Task<Results<Ok<ProviderTest>, ProblemHttpResult>> TestAsync(string provider, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
        DoAsync(provider, store, async found => TypedResults.Ok(await credentials.TestAsync(found, cancellation)), cancellation);

    internal static Task<Results<Ok<ProviderResource>, ProblemHttpResult>> RotateKeyAsync(
        string provider, NewKey request, HttpContext context, ProviderStore store, ProviderCredentials credentials, ProviderView view, CancellationToken cancellation) =>
        DoAsync(
            provider,
            store,
            async found =>
            {
                _ = (request.PrivateKey, request.KeyIn) switch
                {
                    ({ Length: > 0 }, { Length: > 0 }) => throw new RegistrationException("Give privateKey or keyIn, not both: the key is here or in a vault.", "keyIn"),
                    (_, { Length: > 0 } keyIn) => await credentials.RotateKeyInAsync(RequireApp(found), keyIn, ProviderEndpoints.By(context), cancellation),
                    var (pem, _) => await credentials.RotateKeyAsync(RequireApp(found), pem ?? "", ProviderEndpoints.By(context), cancellation),
                };
                return TypedResults.Ok(await view.ShowAsync((await store.FindAsync(found.Id, cancellation))!, cancellation));
            },
            cancellation);

    internal static Task<Results<Ok<ProviderResource>, ProblemHttpResult>> RotateSecretAsync(
        string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, ProviderView view, CancellationToken cancellation) =>
        DoAsync(
            provider,
            store,
            async found =>
            {
                await credentials.RotateWebhookSecretAsync(RequireApp(found), ProviderEndpoints.By(context), cancellation);
                return TypedResults.Ok(await view.ShowAsync(found, cancellation));
            },
            cancellation);

    internal static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(string provider, string name, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
        await ProviderEndpoints.ResolveAsync(provider, store, cancellation) is not { } found ? ProviderEndpoints.NotFound(provider)
        : await credentials.ForgetPreviousAsync(found, name, cancellation) ? TypedResults.NoContent()
        : Problem.NotFound($"Provider {provider} has no {name.Replace('_', ' ')}; nothing was rotated lately.");

    internal static async Task<Results<Ok<Page<RepositoryHookResource>>, ProblemHttpResult>> ListHooksAsync(
        string provider, HttpContext context, PageRequest page, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation)
    {
        if (await ProviderEndpoints.ResolveAsync(provider, store, cancellation) is not { } found)
        {
            return ProviderEndpoints.NotFound(provider);
        }

        var (rows, total) = await hooks.ListAsync(found.Id, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => Text(row.Id), row => new RepositoryHookResource(
            Text(row.Id), row.Name, row.HookId is { } id ? Text(id) : null, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), row.HeardAt is { } heard ? DateTimeOffset.FromUnixTimeMilliseconds(heard) : null, row.Previous > 0)));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveHookAsync(string provider, long id, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation) =>
        await ProviderEndpoints.ResolveAsync(provider, store, cancellation) is { } found && await hooks.RemoveAsync(found.Id, id, cancellation)
            ? TypedResults.NoContent()
            : Problem.NotFound($"Provider {provider} has no repository hook {id}.");

    internal static async Task<Ok<Page<InstallationRequestResource>>> ListRequestsAsync(HttpContext context, PageRequest page, ProviderStore store, string? provider, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListRequestsAsync(provider, page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => Text(row.Id), row => new InstallationRequestResource(
            Text(row.Id), row.Provider, row.AccountLogin, row.RequesterLogin, row.State, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt))));
    }

    private static async Task<Results<Ok<T>, ProblemHttpResult>> DoAsync<T>(string provider, ProviderStore store, Func<Provider, Task<Ok<T>>> work, CancellationToken cancellation)
    {
        if (await ProviderEndpoints.ResolveAsync(provider, store, cancellation) is not { } found)
        {
            return ProviderEndpoints.NotFound(provider);
        }

        try
        {
            return await work(found);
        }
        catch (RegistrationException wrong)
        {
            return Problem.Invalid(wrong.Message, wrong.Member is { } member ? "/" + member : null);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            return Problem.Invalid(wrong.Message, "/privateKey");
        }
        catch (GitHubException refused) when (refused.Kind is GitHubErrorKind.Unauthorized or GitHubErrorKind.PermissionMissing or GitHubErrorKind.NotFound)
        {
            return Problem.Invalid(Problem.CredentialsRefused, refused.Message, pointer: null, new NextStep("Look at the App's keys and webhook on GitHub", $"/admin/providers/{found.Slug}?tab=credentials"));
        }
        catch (GitHubException failed)
        {
            return Problem.Upstream(failed.Message, new NextStep("Back to the provider", $"/admin/providers/{found.Slug}"));
        }
    }

    private static Provider RequireApp(Provider provider) => provider.Kind == ProviderKind.App
        ? provider
        : throw new RegistrationException($"Provider {provider.Slug} is a token: it has no key and no webhook. Register it again with another token when it ends.");

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
