using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Providers;

namespace Switchyard.Server.SignIn;

/// <summary>The REST resources <c>/api/v1/access/grants</c> and <c>/api/v1/users</c>.</summary>
internal static class AccessEndpoints
{
    public sealed record NewGrant(string? Provider, string? Kind, string? Account, string? Team, string? Role);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var grants = routes.MapGroup("/api/v1/access/grants").RequireAuthorization(nameof(Role.Admin)).WithTags("Access");
        grants.MapGet("/", ListAsync).WithName("listGrants").WithSummary("Who on GitHub may sign in, and as what").Checks(new ListOrder("id"));
        grants.MapPost("/", AddAsync).WithName("addGrant").WithSummary("Let an organization, a team or a user sign in with a role");
        grants.MapDelete("/{id:long}", RemoveAsync).WithName("removeGrant").WithSummary("Take a grant back; who is in by it alone is shut out at once");
        var users = routes.MapGroup("/api/v1/users").RequireAuthorization(nameof(Role.Admin)).WithTags("Access");
        users.MapGet("/", ListUsersAsync).WithName("listUsers").WithSummary("People who have signed in").Checks(new ListOrder("id"));
        users.MapDelete("/{id:long}/sessions", EndAsync).Audited("user.sessions.end").WithName("endSessions").WithSummary("End the sessions of a person, who may sign in again");
    }

    internal static async Task<Ok<Page<GrantResource>>> ListAsync(HttpContext context, PageRequest page, GrantStore store, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => Text(row.Id), Show));
    }

    internal static async Task<Results<Created<GrantResource>, ProblemHttpResult>> AddAsync(NewGrant request, HttpContext context, GrantStore store, ProviderStore providers, CancellationToken cancellation)
    {
        var all = await providers.ListAsync(cancellation);
        var provider = string.IsNullOrWhiteSpace(request.Provider) && all.Count == 1 ? all[0] : all.Find(one => one.Slug == request.Provider || Text(one.Id) == request.Provider);
        if (provider is null)
        {
            return all.Count == 0
                ? Problem.Invalid("No provider is registered, so nobody can sign in with GitHub yet.", "/provider", new NextStep("Connect GitHub", "/admin/providers/new", "switchyard provider add --name Switchyard"))
                : Problem.Invalid($"There is no provider \"{request.Provider}\". There are {QueryWords.Sentence([.. all.Select(one => one.Slug)])}.", "/provider");
        }

        var account = request.Account?.Trim().TrimStart('@') ?? "";
        if (account.Split('/') is [{ Length: > 0 } organization, { Length: > 0 } team] && string.IsNullOrEmpty(request.Team))
        {
            request = request with { Kind = request.Kind ?? GrantKind.Team, Team = team };
            account = organization;
        }

        if (GrantKind.All.FirstOrDefault(kind => kind.Equals(request.Kind, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            return Problem.Invalid($"There is no kind \"{request.Kind}\" of grant. The kinds are organization, team and user.", "/kind");
        }

        if (!IsName(account))
        {
            return Problem.Invalid("Name the organization or the user as on GitHub, such as acme or ann; a team as acme/data.", "/account");
        }

        if (known == GrantKind.Team != IsName(request.Team ?? ""))
        {
            return Problem.Invalid(known == GrantKind.Team ? "A team is named by its slug, as in its address on GitHub: acme/data." : "Only a team has a team.", "/team");
        }

        if (!Enum.TryParse<Role>(request.Role ?? nameof(Role.Viewer), ignoreCase: true, out var role) || !Enum.IsDefined(role))
        {
            return Problem.Invalid($"There is no role \"{request.Role}\". The roles are viewer, operator and admin.", "/role");
        }

        var grant = await store.AddAsync(
            new Grant { ProviderId = provider.Id, Kind = known, Account = account, Team = known == GrantKind.Team ? request.Team!.Trim() : "", Role = role.ToString(), CreatedBy = context.User.Identity?.Name ?? "unknown" }, cancellation);
        return grant is null
            ? Problem.Conflict($"{account} has a grant already. Remove that one first to give another role.", new NextStep("Look at the grants", "/admin/access", "switchyard admin access list"))
            : TypedResults.Created($"/api/v1/access/grants/{grant.Id}", Show(grant));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(long id, GrantStore store, CheckMemberships check, CancellationToken cancellation)
    {
        if (await store.RemoveAsync(id, cancellation) is not { } provider)
        {
            return Problem.NotFound($"There is no grant {id}.", new NextStep("Look at the grants", "/admin/access", "switchyard admin access list"));
        }

        // Who has another grant is let in again at once.
        await check.RunAsync(provider, cancellation);
        return TypedResults.NoContent();
    }

    internal static async Task<Ok<Page<UserResource>>> ListUsersAsync(HttpContext context, PageRequest page, UserStore store, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => Text(row.Id), Show));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(long id, UserStore store, CancellationToken cancellation) =>
        await store.EndSessionsAsync(id, cancellation) is not null ? TypedResults.NoContent() : Problem.NotFound($"There is no user {id}.", new NextStep("Look at the users", "/admin/access"));

    private static GrantResource Show(Grant grant) => new(
        Text(grant.Id), grant.Provider, grant.Kind, grant.Account, grant.Team.Length > 0 ? grant.Team : null, grant.Role, grant.CreatedBy, DateTimeOffset.FromUnixTimeMilliseconds(grant.CreatedAt));

    private static UserResource Show(UserRow row) => new(
        Text(row.Id), row.Login, row.Name, row.Provider, row.Role, row.RemovedAt is null ? "Active" : "Removed", row.RemovedReason, row.RemovedAt is null ? row.Sessions : 0,
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), Time(row.LastSeenAt), row.VerifiedAt is 0 ? null : Time(row.VerifiedAt));

    private static bool IsName(string text) => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static DateTimeOffset? Time(long? at) => at is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
