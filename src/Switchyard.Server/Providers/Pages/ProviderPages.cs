using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers.Pages;

/// <summary><c>/admin/providers</c> and what is below it. The wizard is in <see cref="WizardPages"/>.</summary>
internal static class ProviderPages
{
    public const string Root = "/admin/providers";

    public static void Map(IEndpointRouteBuilder routes)
    {
        WizardPages.Map(routes);
        routes.MapGet(Root, async (HttpContext context, PageRequest page, ProviderStore store, ProviderView view, CancellationToken cancellation) =>
            PanelPage.Show<ProvidersPage>(await ProviderEndpoints.ListAsync(context, page, store, view, cancellation))).Checks(new ListOrder("id")).AsPage(Role.Admin);
        routes.MapGet(Root + "/{provider}", ShowAsync).Checks(new ListOrder("id")).AsPage(Role.Admin);
        routes.MapGet(Root + "/{provider}/installed", InstalledAsync).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/test", async (string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
        {
            var (test, problem) = PanelPage.Take<ProviderTest>(await ProviderCareEndpoints.TestAsync(provider, store, credentials, cancellation));
            return test is null ? problem! : PanelPage.SeeOther(context, $"{Root}/{provider}", test.Detail);
        }).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/sync", async (string provider, HttpContext context, ProviderStore store, Database database, Lanes lanes, CancellationToken cancellation) =>
            PanelPage.Done(context, await ProviderEndpoints.SyncInstallationsAsync(store, database, lanes, cancellation), $"{Root}/{provider}", "The installations and their repositories are being listed again.")).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/key", async (string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, ProviderView view, CancellationToken cancellation) =>
        {
            var form = await context.Request.ReadFormAsync(cancellation);
            return Credentials(context, provider, await ProviderCareEndpoints.RotateKeyAsync(provider, new(PanelPage.Given(form["privateKey"]), PanelPage.Given(form["keyIn"])), context, store, credentials, view, cancellation), "The new key is in use. Delete the old one on GitHub, then forget it here.");
        }).AsPage(Role.Admin).Audited("provider.key.rotate");
        routes.MapPost(Root + "/{provider}/key/forget", async (string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
            Credentials(context, provider, await ProviderCareEndpoints.ForgetAsync(provider, ProviderSecret.PreviousPrivateKey, store, credentials, cancellation), "The key before is forgotten.")).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/webhook-secret", async (string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, ProviderView view, CancellationToken cancellation) =>
            Credentials(context, provider, await ProviderCareEndpoints.RotateSecretAsync(provider, context, store, credentials, view, cancellation), "GitHub signs with the new secret from now on; the one before is still taken.")).AsPage(Role.Admin).Audited("provider.webhook-secret.rotate");
        routes.MapPost(Root + "/{provider}/webhook-secret/forget", async (string provider, HttpContext context, ProviderStore store, ProviderCredentials credentials, CancellationToken cancellation) =>
            Credentials(context, provider, await ProviderCareEndpoints.ForgetAsync(provider, ProviderSecret.PreviousWebhookSecret, store, credentials, cancellation), "The secret before is forgotten.")).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/hooks/new", async (string provider, HttpContext context, ProviderStore store, RepositoryHooks hooks, PublicAddress address, CancellationToken cancellation) =>
            HookSecretOf(context, provider, address, await ProviderEndpoints.AddHookAsync(provider, new((await context.Request.ReadFormAsync(cancellation))["name"]), context, store, hooks, cancellation))).AsPage(Role.Admin).Audited("provider.hook.create");
        routes.MapPost(Root + "/{provider}/hooks/{id:long}/rotate", async (string provider, long id, HttpContext context, ProviderStore store, RepositoryHooks hooks, PublicAddress address, CancellationToken cancellation) =>
            HookSecretOf(context, provider, address, await ProviderEndpoints.RotateHookAsync(provider, id, context, store, hooks, cancellation))).AsPage(Role.Admin);
        routes.MapPost(Root + "/{provider}/hooks/{id:long}/remove", async (string provider, long id, HttpContext context, ProviderStore store, RepositoryHooks hooks, CancellationToken cancellation) =>
            PanelPage.Done(context, await ProviderCareEndpoints.RemoveHookAsync(provider, id, store, hooks, cancellation), $"{Root}/{provider}?tab=hooks", "Removed: what it sends is no longer taken. Delete it on GitHub, too.")).AsPage(Role.Admin).Audited("provider.hook.delete");
    }

    private static async Task<IResult> ShowAsync(
        string provider, string? tab, HttpContext context, PageRequest page, ProviderStore store, ProviderView view, RepositoryHooks hooks, CancellationToken cancellation)
    {
        var (found, problem) = PanelPage.Take<ProviderResource>(await ProviderEndpoints.FindAsync(provider, store, view, cancellation));
        if (found is null)
        {
            return problem!;
        }

        var installations = await ProviderEndpoints.ListInstallationsAsync(context, page, store, found.Slug, cancellation);
        var requests = await ProviderCareEndpoints.ListRequestsAsync(context, new PageRequest { Limit = 100 }, store, found.Slug, cancellation);
        var (rows, _) = PanelPage.Take<Page<RepositoryHookResource>>(await ProviderCareEndpoints.ListHooksAsync(found.Slug, context, new PageRequest { Limit = PageRequest.MaxLimit - 1 }, store, hooks, cancellation));
        return PanelPage.Of<ProviderPage>(
            (nameof(ProviderPage.Model), found), (nameof(ProviderPage.Tab), tab), (nameof(ProviderPage.Installations), installations.Value), (nameof(ProviderPage.Requests), requests.Value!.Items), (nameof(ProviderPage.Hooks), rows!.Items));
    }

    /// <summary>
    /// Where GitHub sends the browser after somebody installed the App. What it says is believed no further than that it is worth a
    /// look: whoever reads the address can write it.
    /// </summary>
    private static async Task<IResult> InstalledAsync(
        string provider, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "setup_action")] string? action, HttpContext context, ProviderStore store, Database database, Lanes lanes, CancellationToken cancellation)
    {
        if (await ProviderEndpoints.ResolveAsync(provider, store, cancellation) is not { } found)
        {
            return ProviderEndpoints.NotFound(provider);
        }

        await database.WriteAsync(session => ProviderStore.WantListingAsync(session, found.Id), cancellation);
        lanes.Kick<InstallationLane>(InstallationLane.LaneOf(found.Id));
        return PanelPage.SeeOther(context, $"{Root}/{found.Slug}", action switch
        {
            "request" => "The request went to the owners of the account. As soon as one of them approves, it shows here.",
            "update" => "GitHub says that the choice of repositories has changed; it is being read.",
            _ => "GitHub says that the App was installed; its repositories appear in a moment.",
        });
    }

    private static IResult Credentials(HttpContext context, string provider, IResult answer, string message) => PanelPage.Done(context, answer, $"{Root}/{provider}?tab=credentials", message);

    private static IResult HookSecretOf(HttpContext context, string provider, PublicAddress address, IResult answer)
    {
        var (secret, problem) = PanelPage.Take<HookSecret>(answer);
        context.Response.Headers.CacheControl = "no-store";
        return secret is null ? problem! : PanelPage.Of<HookSecretPage>(
            (nameof(HookSecretPage.Provider), provider), (nameof(HookSecretPage.Secret), secret), (nameof(HookSecretPage.Url), address.Of(context) + secret.Path));
    }
}
