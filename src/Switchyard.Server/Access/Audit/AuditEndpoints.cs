using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting;

namespace Switchyard.Server.Access.Audit;

/// <summary>Who changed what, or tried to. <c>Kind</c>: user, token, system or nobody.</summary>
public sealed record AuditResource(
    string Id, DateTimeOffset At, string Actor, string Kind, string Action, string? Object, string Result, int? Status, string? Detail, string? Address, string? RequestId);

internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/audit", ListAsync).RequireAuthorization(nameof(Role.Admin)).WithTags("Audit").WithName("listAudit").WithSummary("Changes and denied attempts, the last one first").Checks(AuditStore.ListRules);

    internal static async Task<Ok<Page<AuditResource>>> ListAsync(HttpContext context, PageRequest page, AuditStore store, string? actor, string? action, string? result, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(Text(actor), Text(action), Text(result), page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => new AuditResource(
            row.Id.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Actor, row.Kind, row.Action, row.Object, row.Result, (int?)row.Status, row.Detail, row.Address, row.RequestId)));
    }

    private static string? Text(string? given) => string.IsNullOrWhiteSpace(given) ? null : given.Trim();
}
