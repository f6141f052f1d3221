using Switchyard.Server.Storage;

namespace Switchyard.Server.Hosting.Health;

/// <summary>
/// <c>/livez</c>: the process answers. <c>/readyz</c>: it can do its work (database, migrations). An outage of GitHub makes a
/// provider degraded, not the service unready: work waits and goes on by itself.
/// </summary>
internal static class HealthEndpoints
{
    public sealed record Check(string Name, bool Ok, string? Detail);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Text("ok")).WithTags("Health").WithName("live").WithSummary("The process answers");
        routes.MapGet("/readyz", ReadyAsync).WithTags("Health").WithName("ready").WithSummary("The service can do its work; ?verbose lists the checks");
    }

    private static async Task<IResult> ReadyAsync(HttpContext context, Migrations migrations, CancellationToken cancellation)
    {
        var checks = new List<Check>();
        try
        {
            var pending = await migrations.PendingAsync(cancellation);
            checks.Add(new Check("database", true, null));
            checks.Add(new Check("migrations", pending.Count == 0, pending.Count == 0 ? null : "not applied: " + string.Join(", ", pending)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            checks.Add(new Check("database", false, failure.Message));
        }

        var status = checks.TrueForAll(check => check.Ok) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Request.Query.ContainsKey("verbose")
            ? TypedResults.Json(checks, statusCode: status)
            : TypedResults.Text(status == StatusCodes.Status200OK ? "ok" : "not ready", statusCode: status);
    }
}
