using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;
using Switchyard.Server.Providers;

namespace Switchyard.Server.SignIn.Pages;

/// <summary><c>/admin/access</c>: grants and people.</summary>
internal static class AccessPages
{
    private const string Root = "/admin/access";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, async (HttpContext context, PageRequest page, GrantStore grants, UserStore users, GitHubSignIn signIn, CancellationToken cancellation) => PanelPage.Of<AccessPage>(
            (nameof(AccessPage.Grants), (await AccessEndpoints.ListAsync(context, new PageRequest { Limit = PageRequest.MaxLimit }, grants, cancellation)).Value),
            (nameof(AccessPage.Users), (await AccessEndpoints.ListUsersAsync(context, page, users, cancellation)).Value),
            (nameof(AccessPage.Choices), await signIn.ChoicesAsync(cancellation)))).Checks(new ListOrder("id")).AsPage(Role.Admin);
        routes.MapPost(Root + "/grants", async (HttpContext context, GrantStore grants, ProviderStore providers, CancellationToken cancellation) =>
        {
            var form = await context.Request.ReadFormAsync(cancellation);
            var request = new AccessEndpoints.NewGrant(form["provider"], form["kind"], form["account"], null, form["role"]);
            return PanelPage.Done(context, await AccessEndpoints.AddAsync(request, context, grants, providers, cancellation), Root, $"{form["account"]} may sign in as {form["role"].ToString().ToLowerInvariant()}.");
        }).AsPage(Role.Admin);
        routes.MapPost(Root + "/grants/{id:long}/remove", async (long id, HttpContext context, GrantStore grants, CheckMemberships check, CancellationToken cancellation) =>
            PanelPage.Done(context, await AccessEndpoints.RemoveAsync(id, grants, check, cancellation), Root, "Taken back. Who was in by it alone is shut out.")).AsPage(Role.Admin).Audited("access.grant.delete");
        routes.MapPost(Root + "/users/{id:long}/end", async (long id, HttpContext context, UserStore users, CancellationToken cancellation) =>
            PanelPage.Done(context, await AccessEndpoints.EndAsync(id, users, cancellation), Root, "Their sessions have ended.")).AsPage(Role.Admin).Audited("user.sessions.end");
    }
}
