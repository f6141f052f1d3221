using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Models.Diffs;

/// <summary>The REST resource <c>/api/v1/models/{id}/diff</c>.</summary>
internal static class DiffEndpoints
{
    private const int MostContext = 50;

    public static void Map(IEndpointRouteBuilder models) =>
        models.MapGet("/{id:long}/diff", DiffAsync).WithName("diffVersions")
            .WithSummary("The text of two Versions compared by lines; to is the last where nothing is said, from the one before it, context 3")
            .Checks();

    public static async Task<Results<Ok<ModelDiff>, ProblemHttpResult>> DiffAsync(
        long id, string? from, string? to, string? context, ModelStore store, ModelDiffer differ, CancellationToken cancellation)
    {
        var around = 3;
        if (context is { Length: > 0 } && (!int.TryParse(context, NumberStyles.None, CultureInfo.InvariantCulture, out around) || around > MostContext))
        {
            return Problem.InvalidQuery(ProblemError.OfParameter("context", $"context is \"{context}\"; it must be a number from 0 to {MostContext}."));
        }

        if (await store.FindAsync(id, cancellation) is not { } model)
        {
            return ModelEndpoints.NotFound(id);
        }

        var (_, right, problem) = await VersionEndpoints.ResolveAsync(id, Or(to, model.VersionCount), store, cancellation);
        if (problem is not null)
        {
            return problem;
        }

        if (from is not { Length: > 0 } && right!.Number < 2)
        {
            return Problem.NotFound(
                $"{model.Path} has no Version before Version {right.Number}, so there is nothing to compare it with.",
                new NextStep("List its Versions", Href: $"/api/v1/models/{id}/versions", Command: $"switchyard model versions {id}"));
        }

        (_, var left, problem) = await VersionEndpoints.ResolveAsync(id, Or(from, right!.Number - 1), store, cancellation);
        return problem is not null ? problem
            : await differ.RunAsync(model, left!, right, around, cancellation) is { } diff ? TypedResults.Ok(diff)
            : ModelEndpoints.NotStored(model);
    }

    private static string Or(string? given, long number) => given is { Length: > 0 } ? given : number.ToString(CultureInfo.InvariantCulture);
}
