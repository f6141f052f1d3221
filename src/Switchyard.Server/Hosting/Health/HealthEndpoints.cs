using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Hosting.Health;

/// <summary>
/// <c>/livez</c>: the process answers. <c>/readyz</c>: it can do its work (database, migrations, jobs). An outage of GitHub makes
/// a provider degraded, not the service unready: work waits and goes on by itself.
/// </summary>
internal sealed partial class HealthEndpoints(Migrations migrations, Lanes lanes, RecurringJobs recurring, ILogger<HealthEndpoints> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Text("ok")).AllowAnonymous().WithTags("Health").WithName("live").WithSummary("The process answers");
        routes.MapGet("/readyz", async (HttpContext context, string? verbose, HealthEndpoints health, CancellationToken cancellation) =>
            Answer(await health.CheckAsync(cancellation), verbose is not null || context.Request.Query.ContainsKey("verbose")))
            .AllowAnonymous().WithTags("Health").WithName("ready").WithSummary("The service can do its work; ?verbose lists the checks")
            .Produces<IReadOnlyList<HealthCheck>>().Produces<IReadOnlyList<HealthCheck>>(StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Answer(List<HealthCheck> checks, bool verbose)
    {
        var status = checks.TrueForAll(check => check.Ok) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return verbose
            ? TypedResults.Json(checks, statusCode: status)
            : TypedResults.Text(status == StatusCodes.Status200OK ? "ok" : "not ready", statusCode: status);
    }

    public async Task<List<HealthCheck>> CheckAsync(CancellationToken cancellation)
    {
        var checks = new List<HealthCheck>();
        try
        {
            var pending = await migrations.PendingAsync(cancellation);
            checks.Add(new HealthCheck("database", true, null));
            checks.Add(new HealthCheck("migrations", pending.Count == 0, pending.Count == 0 ? null : "not applied: " + string.Join(", ", pending)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Anyone may ask, and the database's own words name hosts and files.
            Log.Unreachable(logger, failure);
            checks.Add(new HealthCheck("database", false, Unexpected.Describe(failure, "DatabaseUnreachable")));
        }

        var trouble = lanes.Trouble ?? recurring.Trouble;
        checks.Add(new HealthCheck("jobs", trouble is null, trouble));
        return checks;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "DatabaseUnreachable: the service is not ready.", EventName = "DatabaseUnreachable")]
        public static partial void Unreachable(ILogger logger, Exception failure);
    }
}

/// <summary>One thing that must be well for the service to do its work.</summary>
public sealed record HealthCheck(string Name, bool Ok, string? Detail);
