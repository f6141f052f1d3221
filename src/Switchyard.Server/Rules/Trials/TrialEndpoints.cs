using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Trials;

/// <summary><c>POST /api/v1/rule-sources/test</c>: a changed file of rules held against what happened.</summary>
internal static class TrialEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/rule-sources/test", TestAsync).RequireAuthorization(nameof(Role.Viewer)).ForWholeReaders().WithTags("Rules")
            .WithName("testRules").WithSummary("Hold a changed file of rules against the stored Signals; nothing is stored or sent")
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Invalid", "Say which repository the file is in, as owner/name.");

    public static TestedRules Show(TrialResult result) => new(
        !result.Problems.Any(problem => problem.Severity == RuleProblemSeverity.Error),
        RuleSourceEndpoints.Show(result.Problems),
        result.Since,
        result.Signals,
        result.IsCut,
        [.. result.Added.Select(Show)],
        [.. result.Gone.Select(Show)],
        result.Kept.Count,
        result.Unknown);

    public static async Task<Results<Ok<TestedRules>, ProblemHttpResult>> TestAsync(RuleTest body, ProviderStore providers, Database database, RuleTrial trial, TimeProvider time, CancellationToken cancellation)
    {
        if (body.Text is not { } text)
        {
            return RuleSourceEndpoints.NoText();
        }

        var (key, problem) = await RuleSourceEndpoints.KeyAsync(providers, database, body.Provider, body.Kind, body.Source, body.Source, cancellation);
        return key is null ? problem! : TypedResults.Ok(Show(await trial.RunAsync(key, text, body.Since ?? time.GetUtcNow() - TimeSpan.FromDays(7), cancellation)));
    }

    private static TestedDispatch Show(TrialDispatch dispatch) => new(
        dispatch.Rule, dispatch.Target, dispatch.Repository, dispatch.Sha, dispatch.SignalId.ToString(CultureInfo.InvariantCulture), dispatch.Signals, dispatch.DueAt, dispatch.Gated);
}
