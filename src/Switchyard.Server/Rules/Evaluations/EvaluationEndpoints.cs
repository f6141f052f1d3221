using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Rules.Evaluations;

/// <summary>The REST resource <c>/api/v1/evaluations</c>: why a rule matched a Signal, and why not.</summary>
internal static class EvaluationEndpoints
{
    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("result", EvaluationResult.All), new QueryId("signal"), new QueryRepository(), new QueryRuleName()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/evaluations").RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules");
        group.MapGet("/", ListAsync).WithName("listEvaluations").WithSummary("Rules held against Signals, newest first, with those that did not match")
            .Checks(ListRules);
        group.MapGet("/{id:long}", FindAsync).WithName("getEvaluation").WithSummary("A rule held against a Signal, condition by condition");
    }

    public static async Task<Ok<Page<EvaluationResource>>> ListAsync(
        HttpContext context, PageRequest page, EvaluationStore store, string? signal, string? rule, string? result, string? repository, string? sha, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(new EvaluationFilter(signal is { Length: > 0 } ? long.Parse(signal, CultureInfo.InvariantCulture) : null, rule, result, repository, sha), page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), Show));
    }

    public static async Task<Results<Ok<EvaluationResource>, ProblemHttpResult>> FindAsync(long id, EvaluationStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } evaluation
            ? TypedResults.Ok(Show(evaluation))
            : Problem.NotFound($"There is no evaluation {id}; they are kept for a time (Rules:EvaluationRetention).", new NextStep("List evaluations", Href: "/api/v1/evaluations", Command: "switchyard rule history"));

    public static IReadOnlyList<ConditionResource> Show(IReadOnlyList<ConditionResult> conditions) =>
        [.. conditions.Select(condition => new ConditionResource(condition.Name, condition.Expected, condition.Actual, condition.Outcome.ToString()))];

    public static EvaluationResource Show(EvaluationFacts facts) => new(
        Text(facts.Id)!,
        Text(facts.SignalId)!,
        facts.SignalKind,
        facts.Repository,
        facts.Sha,
        facts.Rule,
        Text(facts.RuleId)!,
        facts.Source,
        Text(facts.Revision),
        facts.Result,
        facts.Reason,
        RuleResource.Time(facts.At)!.Value,
        Text(facts.PendingId),
        Show(EvaluationStore.ReadConditions(facts.Conditions)));

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);
}
