using System.Globalization;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Health;
using Switchyard.Server.Panel;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Admin.Pages;

/// <summary><c>/admin/tokens</c>, <c>/admin/secrets</c>, <c>/admin/audit</c>, <c>/admin/system</c>.</summary>
internal static class AdminPages
{
    private const string Tokens = "/admin/tokens";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Tokens, async (HttpContext context, PageRequest page, TokenStore store, CancellationToken cancellation) =>
            PanelPage.Show<TokensPage>(await TokenEndpoints.ListAsync(context, page, store, cancellation))).Checks(new ListOrder("id")).AsPage(Role.Admin);
        routes.MapPost(Tokens, CreateAsync).AsPage(Role.Admin);
        routes.MapPost(Tokens + "/{id:long}/revoke", async (long id, HttpContext context, TokenStore store, CancellationToken cancellation) =>
            PanelPage.Done(context, await TokenEndpoints.RevokeAsync(id, store, cancellation), Tokens, "Revoked. Whoever uses it is shut out at once.")).AsPage(Role.Admin).Audited("token.revoke");
        routes.MapGet("/admin/secrets", async (HttpContext context, PageRequest page, SecretVault vault, VaultSet vaults, IOptions<VaultOptions> options, CancellationToken cancellation) =>
            PanelPage.Of<SecretsPage>((nameof(SecretsPage.Model), (await VaultEndpoints.ListAsync(context, page, vault, cancellation)).Value), (nameof(SecretsPage.State), (await VaultEndpoints.StateAsync(vaults, options, cancellation)).Value))).Checks(new ListOrder("scope")).AsPage(Role.Admin);
        routes.MapPost("/admin/secrets/move", MoveAsync).AsPage(Role.Admin).Audited("vault.move");
        routes.MapGet("/admin/audit", async (HttpContext context, PageRequest page, AuditStore store, string? actor, string? action, string? result, CancellationToken cancellation) =>
            PanelPage.Show<AuditPage>(await AuditEndpoints.ListAsync(context, page, store, actor, action, result, cancellation))).Checks(AuditStore.ListRules).AsPage(Role.Admin);
        routes.MapGet("/admin/system", async (HealthEndpoints health, Database database, VaultSet vaults, IOptions<StorageOptions> storage, IConfiguration configuration, ServerStart start, CancellationToken cancellation) =>
            PanelPage.Show<SystemPage>(await AdminEndpoints.ShowAsync(health, database, vaults, storage, configuration, start, cancellation))).AsPage(Role.Admin);
    }

    /// <summary>First what would be moved, then, when that is confirmed, the move.</summary>
    private static async Task<IResult> MoveAsync(HttpContext context, VaultMove move, IOptions<VaultOptions> options, ILogger<VaultMove> logger, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var (done, problem) = PanelPage.Take<MoveResource>(await VaultEndpoints.MoveAsync(new(form["to"], form["confirmed"] != "yes"), context, move, options, logger, cancellation));
        return done is null ? problem! : PanelPage.Of<VaultMovePage>((nameof(VaultMovePage.Model), done));
    }

    /// <summary>The one answer that holds the token: it is not kept for a second look.</summary>
    private static async Task<IResult> CreateAsync(HttpContext context, TokenStore store, OnceForms once, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        if (form["once"].ToString() is { Length: > 0 } sent && !once.Take(sent))
        {
            return PanelPage.SeeOther(context, Tokens, "That form was sent already. Its token was shown then, and is not shown again.");
        }

        var days = int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var (token, problem) = PanelPage.Take<CreatedToken>(await TokenEndpoints.CreateAsync(new(form["name"].ToString(), form["role"], days), context, store, cancellation));
        context.Response.Headers.CacheControl = "no-store";
        return token is null ? problem! : PanelPage.Of<TokenPage>((nameof(TokenPage.Model), token));
    }
}
