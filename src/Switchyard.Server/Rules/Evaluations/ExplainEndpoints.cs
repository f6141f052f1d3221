using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Rules.Evaluations;

/// <summary>The REST resource <c>/api/v1/explanations</c>: why something ran, and why it did not.</summary>
internal static class ExplainEndpoints
{
    /// <summary>One Signal, and what each rule made of it.</summary>
    public sealed record Explanation(string SignalId, string Kind, string? Repository, string? Ref, string? Sha, DateTimeOffset OccurredAt, string Source, string? DeliveryId, IReadOnlyList<RuleExplanation> Rules);

    /// <summary>
    /// One rule held against the Signal. <c>Stored</c>: it was so when the Signal came; otherwise it is how the rule as it is now
    /// would judge it.
    /// </summary>
    public sealed record RuleExplanation(
        string Rule, string RuleId, string File, bool Stored, string Result, string Reason, IReadOnlyList<ConditionResource> Conditions, string? PendingId, string? PendingState, string? PendingDetail,
        IReadOnlyList<string> PendingSteps, NewerCommit? SupersededBy, IReadOnlyList<StartedDispatch> Dispatches);

    /// <summary>The commit that took the place of the Signal's: what waits and the Dispatches are of that one.</summary>
    public sealed record NewerCommit(string Repository, string Ref, string Sha, string SignalId);

    public sealed record StartedDispatch(string Id, string Target, string State, string? Error, string? RunStatus, string? RunConclusion, string? RunUrl, string? RunMatch, string? RunDetail);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/explanations", ExplainAsync).RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules")
            .WithName("explain").WithSummary("Why a commit, Signal or Dispatch started something, and why not: rule by rule, condition by condition")
            .Checks(new QueryProvider(), new QueryId("dispatch"), new QueryId("signal"))
            .Refuses(StatusCodes.Status404NotFound, "NotFound", "Nothing is known of acme/the-app 4f1c9aa. A push that GitHub never told of is found by the poll, at the latest.");

    private static async Task<Results<Ok<IReadOnlyList<Explanation>>, ProblemHttpResult>> ExplainAsync(
        Explain explain, UnknownSubject unknown, string? dispatch, string? signal, string? repository, string? sha, string? rule, string? provider, CancellationToken cancellation)
    {
        if (dispatch is null && signal is null && repository is null && sha is null)
        {
            return Problem.InvalidQuery(ProblemError.OfParameter("dispatch", "Say what is to be explained: a dispatch, a signal, or a repository and the beginning of a commit in sha."));
        }

        var found = await explain.FindAsync(Number(dispatch), Number(signal), repository, sha, provider, cancellation);
        if (found.Count == 0)
        {
            var (message, next) = await unknown.DescribeAsync(Number(dispatch), Number(signal), repository, sha, cancellation);
            return Problem.NotFound(message, next);
        }

        var explanations = new List<Explanation>(found.Count);
        foreach (var row in found)
        {
            explanations.Add(await explain.RunAsync(row, rule, cancellation));
        }

        return TypedResults.Ok<IReadOnlyList<Explanation>>(explanations);
    }

    private static long? Number(string? text) => text is { Length: > 0 } ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
