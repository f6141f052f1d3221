using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Repositories;

/// <summary>
/// Finds the repository that a request means, by its id or as owner/name. Two providers (github.com and a GitHub Enterprise
/// Server, say) may both have that name: then none is taken, and the answer names the candidates.
/// </summary>
internal sealed class FindRepository(RepositoryStore store) : IRepositoryNames
{
    public async Task<(Repository? Found, ProblemHttpResult? Problem)> RunAsync(string reference, string? provider, CancellationToken cancellation)
    {
        if (long.TryParse(reference, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            return await store.FindAsync(id, cancellation) is { } known ? (known, null) : (null, NotFound(reference));
        }

        if (reference.Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
        {
            return (null, Problem.InvalidQuery(ProblemError.OfParameter("repository", $"\"{reference}\" names no repository. Write owner/name, or the id of the repository.")));
        }

        var found = await store.ListByNameAsync(owner, name, provider, cancellation);
        return found.Count switch
        {
            0 => (null, NotFound(provider is null ? reference : $"{reference} of {provider}")),
            1 => (found[0], null),
            _ => (null, Ambiguous(found)),
        };
    }

    public async Task<ProblemHttpResult?> MissingAsync(string reference, string? provider, CancellationToken cancellation) =>
        (await RunAsync(reference, provider, cancellation)).Problem is { StatusCode: not StatusCodes.Status409Conflict } problem ? problem : null;

    /// <summary>Describes what an endpoint that takes a name answers where it is the name of none, or of several.</summary>
    public static RouteHandlerBuilder TakesName(RouteHandlerBuilder endpoint) => endpoint
        .RefusesUnknownRepository()
        .Refuses(
            StatusCodes.Status409Conflict,
            Problem.AmbiguousName,
            "acme/models is the name of 2 repositories here, of the providers github, ghe. Say whose is meant by the provider, or give the id.");

    public static ProblemHttpResult NotFound(string reference) => Problem.NotFound(
        $"There is no repository {reference} here. If it is new, give the App access to it on GitHub.",
        new NextStep("List repositories", Href: "/api/v1/repositories", Command: "switchyard repo list"));

    private static ProblemHttpResult Ambiguous(List<Repository> found)
    {
        var name = found[0].FullName;
        return Problem.Ambiguous(
            $"{name} is the name of {found.Count} repositories here, of the providers {string.Join(", ", found.Select(row => row.Provider))}. Say whose is meant by the provider, or give the id.",
            found.ConvertAll(row => new ProblemCandidate(row.Id.ToString(CultureInfo.InvariantCulture), row.Provider, row.FullName, $"/api/v1/repositories/{row.Id}")),
            [.. found.Select(row => new NextStep($"That of {row.Provider}", $"/api/v1/repositories/{row.Id}", $"switchyard repo view {row.FullName} --provider {row.Provider}"))]);
    }
}
