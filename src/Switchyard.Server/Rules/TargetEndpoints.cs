using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>The REST resource <c>/api/v1/targets</c>: repositories that rules may start something in, beyond those of their file's own account.</summary>
internal static partial class TargetEndpoints
{
    public sealed record NewTarget(string? Pattern, string? Provider);

    public sealed record TargetResource(string Id, string Provider, string Pattern, string CreatedBy, DateTimeOffset CreatedAt);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/targets").RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules");
        group.MapGet("/", ListAsync).WithName("listTargets").WithSummary("Repositories that an administrator has allowed rules to start something in").Checks(new ListOrder("id"), new QueryProvider());
        group.MapPost("/", AllowAsync).WithName("allowTarget").WithSummary("Allow a repository, or those that a pattern names").RequireAuthorization(nameof(Role.Admin))
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Invalid", "Give the repository as owner/name; * and ? stand for letters, as in acme-tests/*.");
        group.MapDelete("/{id:long}", RemoveAsync).WithName("removeTarget").WithSummary("Allow it no longer; what was started stays").RequireAuthorization(nameof(Role.Admin));
    }

    private static async Task<Ok<Page<TargetResource>>> ListAsync(HttpContext context, PageRequest page, Database database, string? provider, CancellationToken cancellation)
    {
        const string From = "from targets t join providers p on p.id = t.provider_id where (@provider is null or p.slug = @provider)";
        var (rows, total) = await database.ReadAsync(
            async session => (
                await session.QueryAsync<TargetRow>(
                    $"select t.id, p.slug as provider, t.pattern, t.created_by, t.created_at {From} and t.id > @after order by t.id limit @limit", new { provider, after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) " + From, new { provider })),
            cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    private static async Task<Results<Created<TargetResource>, ProblemHttpResult>> AllowAsync(
        NewTarget body, HttpContext context, ProviderStore providers, Database database, JudgeRulesAgain again, TimeProvider time, CancellationToken cancellation)
    {
        if (body.Pattern is not { } pattern || !PatternForm().IsMatch(pattern))
        {
            return Problem.Invalid("Give the repository as owner/name; * and ? stand for letters, as in acme-tests/*.", "/pattern");
        }

        var (key, problem) = await RuleSourceEndpoints.KeyAsync(providers, database, body.Provider, null, null, pattern, cancellation);
        if (key is null)
        {
            return problem!;
        }

        var row = await database.WriteAsync(
            session => session.FirstAsync<TargetRow>(
                """
                insert into targets (provider_id, pattern, created_by, created_at) values (@ProviderId, @pattern, @by, @now)
                on conflict (provider_id, pattern) do update set pattern = excluded.pattern
                returning id, (select slug from providers where id = @ProviderId) as provider, pattern, created_by, created_at
                """,
                new { key.ProviderId, pattern, by = context.User.Identity?.Name ?? "unknown", now = time.GetUtcNow().ToUnixTimeMilliseconds() }),
            cancellation);
        await again.RunAsync(key.ProviderId, cancellation);
        return TypedResults.Created($"/api/v1/targets/{row!.Id}", Show(row));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(long id, Database database, JudgeRulesAgain again, CancellationToken cancellation)
    {
        var provider = await database.WriteAsync(session => session.ScalarAsync<long?>("delete from targets where id = @id returning provider_id", new { id }), cancellation);
        if (provider is null)
        {
            return Problem.NotFound($"There is no target {id}.", new NextStep("List targets", Href: "/api/v1/targets", Command: "switchyard admin target list"));
        }

        await again.RunAsync(provider.Value, cancellation);
        return TypedResults.NoContent();
    }

    private static TargetResource Show(TargetRow row) => new(row.Id.ToString(CultureInfo.InvariantCulture), row.Provider, row.Pattern, row.CreatedBy, RuleResource.Time(row.CreatedAt)!.Value);

    [GeneratedRegex(@"^[A-Za-z0-9*?-]{1,100}/[A-Za-z0-9._*?-]{1,100}\z", RegexOptions.None, 1000)]
    private static partial Regex PatternForm();

    private sealed record TargetRow
    {
        public long Id { get; init; }

        public string Provider { get; init; } = "";

        public string Pattern { get; init; } = "";

        public string CreatedBy { get; init; } = "";

        public long CreatedAt { get; init; }
    }
}
