using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Access;

internal static class TokenEndpoints
{
    public sealed record NewToken(string Name, string? Role, int? Days);

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/v1/tokens").RequireAuthorization(nameof(Role.Admin)).WithTags("Tokens");
        tokens.MapGet("/", ListAsync).WithName("listTokens").WithSummary("API tokens, without the tokens themselves").Checks(new ListOrder("id"));
        tokens.MapPost("/", CreateAsync).WithName("createToken").WithSummary("Make an API token; it is shown once");
        tokens.MapDelete("/{id:long}", RevokeAsync).Audited("token.revoke").WithName("revokeToken").WithSummary("Revoke an API token");
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(long id, TokenStore store, CancellationToken cancellation) =>
        await store.RevokeAsync(id, cancellation)
            ? TypedResults.NoContent()
            : Problem.NotFound($"There is no token {id}.", new NextStep("List tokens", Href: "/api/v1/tokens", Command: "switchyard admin token list"));

    internal static async Task<Ok<Page<TokenResource>>> ListAsync(HttpContext context, PageRequest page, TokenStore store, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    internal static async Task<Results<Created<CreatedToken>, ProblemHttpResult>> CreateAsync(NewToken request, HttpContext context, TokenStore store, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 100)
        {
            return Problem.Invalid("A token needs a name of 1 to 100 characters, so that you know later what it is for.", "/name");
        }

        if (request.Name is TokenStore.SetupName or TokenStore.LocalName)
        {
            return Problem.Invalid($"\"{request.Name}\" is the name of a token that the server makes itself. Take another one.", "/name");
        }

        if (!Enum.TryParse<Role>(request.Role ?? nameof(Role.Viewer), ignoreCase: true, out var role) || !Enum.IsDefined(role))
        {
            return Problem.Invalid($"There is no role \"{request.Role}\". The roles are viewer, operator and admin.", "/role");
        }

        if (request.Days is < 1 or > 3650)
        {
            return Problem.Invalid("A token lives from 1 to 3650 days; 90 where nothing is said.", "/days");
        }

        var (token, facts) = await store.CreateAsync(request.Name, role, TimeSpan.FromDays(request.Days ?? 90), TokenOwner.Of(context), cancellation);
        var id = facts.Id.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Created("/api/v1/tokens/" + id, new CreatedToken(id, facts.Name, facts.Role, token, Time(facts.ExpiresAt)));
    }

    private static TokenResource Show(TokenFacts facts) => new(
        facts.Id.ToString(CultureInfo.InvariantCulture), facts.Name, facts.Role, facts.Prefix, facts.CreatedBy, Time(facts.CreatedAt)!.Value, Time(facts.ExpiresAt), Time(facts.LastUsedAt), Time(facts.RevokedAt));

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
