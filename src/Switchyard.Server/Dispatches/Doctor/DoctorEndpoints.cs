using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary><c>GET /api/v1/rules/doctor</c>: what a rule needs on GitHub, looked at now.</summary>
internal static class DoctorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/rules/doctor", RunAsync).RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules")
            .WithName("diagnoseRules").WithSummary("Look on GitHub at all that rules need: installations, permissions, events, workflow files")
            .Checks()
            .ForWholeReaders()
            .Refuses(StatusCodes.Status404NotFound, "NotFound", "There is no rule \"integration-tests\" in force.");

    private static async Task<Results<Ok<IReadOnlyList<DoctorFinding>>, ProblemHttpResult>> RunAsync(RuleDoctor doctor, string? rule, CancellationToken cancellation) =>
        await doctor.RunAsync(rule, cancellation) is { } findings
            ? TypedResults.Ok(findings)
            : Problem.NotFound($"There is no rule \"{rule}\" in force.", new NextStep("List rules", Href: "/api/v1/rules", Command: "switchyard rule list"));
}
