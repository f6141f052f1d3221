using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>The REST resource <c>/api/v1/rule-sources</c>: files of rules, and the local ones kept here.</summary>
internal static class RuleSourceEndpoints
{
    private const string Several = "Say which provider is meant: github or ghe.";

    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("id"), new QueryWords("state", RuleSourceState.All), new QueryProvider()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/rule-sources").RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules");
        group.MapGet("/", ListAsync).WithName("listRuleSources").WithSummary("Files of rules, with what is wrong with them")
            .Checks(ListRules);
        group.MapGet("/{id:long}", FindAsync).WithName("getRuleSource").WithSummary("A file of rules");
        group.MapGet("/{id:long}/revisions", RevisionsAsync).WithName("listRuleRevisions").WithSummary("What a file of rules held, newest first");
        group.MapPut("/local/{name}", PutAsync).WithName("putLocalRules").WithSummary("Put local rules in force; with errors nothing is stored").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status422UnprocessableEntity, "RulesBroken", "12:7 error: There is no key \"branch\" below push. [rules[0].on.push.branch] Did you mean branches?");
        group.MapDelete("/local/{name}", DeleteAsync).WithName("deleteLocalRules").WithSummary("Take local rules out of force").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Invalid", Several);
        group.MapPost("/check", CheckAsync).ForWholeReaders().WithName("checkRules").WithSummary("Judge a file of rules, and look at its targets on GitHub, without storing it")
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Invalid", Several);
    }

    /// <summary>The request has no text: that is no file with an error, but no file.</summary>
    public static ProblemHttpResult NoText() => Problem.Invalid("Give the text of the file in the member text.", "/text");

    public static IReadOnlyList<RuleProblemResource> Show(IReadOnlyList<RuleProblem> problems) =>
        [.. problems.Select(problem => new RuleProblemResource(problem.Line, problem.Column, problem.Path, problem.Severity.ToString(), problem.Code, problem.Message, problem.Suggestion))];

    /// <summary>The key of the file that a request means: a local one by its name, one in a repository by that.</summary>
    /// <param name="about">A repository, or a pattern of some, that only one of several providers may have: that one is meant where none is named.</param>
    public static async Task<(RuleSourceKey? Key, ProblemHttpResult? Problem)> KeyAsync(
        ProviderStore providers, Database database, string? provider, string? kind, string? name, string? about, CancellationToken cancellation)
    {
        var all = await providers.ListAsync(cancellation);
        var only = all.Count == 1 ? all[0].Id : provider is null && about is not null ? await database.ReadAsync(session => LinkedSources.OnlyProviderAsync(session, about), cancellation) : null;
        var found = provider is null ? all.FirstOrDefault(one => one.Id == only) : all.FirstOrDefault(one => one.Slug.Equals(provider, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            return (null, all.Count == 0
                ? Problem.Invalid(Problem.NoProvider, "There is no provider yet, so no repository is known.", "/provider", new NextStep("Add one", Command: "switchyard provider add"))
                : Problem.Invalid($"Say which provider is meant: {QueryWords.Sentence([.. all.Select(one => one.Slug)])}.", "/provider"));
        }

        if (!Enum.TryParse<RuleFileKind>(kind ?? nameof(RuleFileKind.Local), ignoreCase: true, out var file) || !Enum.IsDefined(file))
        {
            return (null, Problem.Invalid($"There is no kind \"{kind}\"; it must be {QueryWords.Sentence(Enum.GetNames<RuleFileKind>())}.", "/kind"));
        }

        return file != RuleFileKind.Local && name?.Split('/') is not [{ Length: > 0 }, { Length: > 0 }]
            ? (null, Problem.Invalid("Say which repository the file is in, as owner/name.", "/source"))
            : (new RuleSourceKey(found.Id, file, name ?? "local", null, file == RuleFileKind.Central ? ReadRuleFiles.CentralPath : file == RuleFileKind.Repository ? ReadRuleFiles.OwnPath : "rules.yml"), null);
    }

    public static async Task<Ok<Page<RuleSourceResource>>> ListAsync(
        HttpContext context, PageRequest page, RuleSourceStore store, string? provider, string? state, CancellationToken cancellation)
    {
        var (rows, total) = await store.ListAsync(provider, state, page, cancellation);
        var shown = new Dictionary<long, RuleSourceResource>();
        foreach (var row in rows)
        {
            shown[row.Id] = await ShowAsync(row, store, cancellation);
        }

        return TypedResults.Ok(page.ToPage(context, rows, total, row => row.Id.ToString(CultureInfo.InvariantCulture), row => shown[row.Id]));
    }

    public static async Task<Results<Ok<RuleSourceResource>, ProblemHttpResult>> FindAsync(long id, RuleSourceStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } source ? TypedResults.Ok(await ShowAsync(source, store, cancellation)) : NotFound(id);

    public static async Task<Results<Ok<IReadOnlyList<RuleRevisionResource>>, ProblemHttpResult>> RevisionsAsync(long id, RuleSourceStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is null
            ? NotFound(id)
            : TypedResults.Ok<IReadOnlyList<RuleRevisionResource>>([.. (await store.ListRevisionsAsync(id, cancellation)).Select(Show)]);

    public static async Task<Results<Ok<RuleSourceResource>, ProblemHttpResult>> PutAsync(
        string name, RuleText body, HttpContext context, ProviderStore providers, RuleSourceStore store, Database database, LoadRules load, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Contains('/', StringComparison.Ordinal))
        {
            return Problem.Invalid("Local rules have a name of 1 to 100 characters without a slash.");
        }

        if (body.Text is not { } text)
        {
            return NoText();
        }

        var (key, problem) = await KeyAsync(providers, database, body.Provider, nameof(RuleFileKind.Local), name, null, cancellation);
        if (key is null)
        {
            return problem!;
        }

        // What a person hands in is refused while it is wrong, so that there is no last good one to wonder about.
        var judged = await load.JudgeAsync(key, text, cancellation);
        if (judged.File is null)
        {
            return Refuse(judged.Problems);
        }

        var loaded = await load.LoadAsync(key, text, null, context.User.Identity?.Name ?? "unknown", cancellation);
        return TypedResults.Ok(await ShowAsync(loaded.Source, store, cancellation));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string name, string? provider, ProviderStore providers, RuleSourceStore store, Database database, CancellationToken cancellation)
    {
        var (key, problem) = await KeyAsync(providers, database, provider, nameof(RuleFileKind.Local), name, null, cancellation);
        if (key is null)
        {
            return problem!;
        }

        if (await store.FindAsync(key, cancellation) is not { } source || source.State == RuleSourceState.Absent)
        {
            return Problem.NotFound($"There are no local rules {name}.", new NextStep("List rule sources", Href: "/api/v1/rule-sources", Command: "switchyard rule sources"));
        }

        (await database.WriteAsync(session => store.RemoveAsync(session, source.Id, null), cancellation))();
        return TypedResults.NoContent();
    }

    public static async Task<Results<Ok<CheckedRules>, ProblemHttpResult>> CheckAsync(RuleCheck body, ProviderStore providers, Database database, LoadRules load, CancellationToken cancellation)
    {
        if (body.Text is not { } text)
        {
            return NoText();
        }

        var (key, problem) = await KeyAsync(providers, database, body.Provider, body.Kind, body.Source, body.Source, cancellation);
        if (key is null)
        {
            return problem!;
        }

        var judged = await load.JudgeAndLookAsync(key, text, cancellation);
        return TypedResults.Ok(new CheckedRules(judged.File is not null, [.. judged.File?.Rules.Select(rule => rule.Name) ?? []], Show(judged.Problems)));
    }

    private static ProblemHttpResult Refuse(IReadOnlyList<RuleProblem> problems) => Problem.Invalid(
        "RulesBroken", string.Join('\n', problems.Select(problem => problem.ToString())), "/text", new NextStep("The language as a JSON Schema, for editors", Href: "/schemas/rules.json", Command: "switchyard rule schema"));

    public static async Task<RuleSourceResource> ShowAsync(RuleSource source, RuleSourceStore store, CancellationToken cancellation)
    {
        var read = await store.FindRevisionAsync(source.ReadRevisionId, cancellation);
        var current = source.RevisionId == source.ReadRevisionId ? read : await store.FindRevisionAsync(source.RevisionId, cancellation);
        return new RuleSourceResource(
            source.Id.ToString(CultureInfo.InvariantCulture),
            source.Provider,
            source.Kind,
            source.Name,
            source.Path,
            source.State,
            current?.Number.ToString(CultureInfo.InvariantCulture),
            source.ReadCommit,
            RuleResource.Time(source.UpdatedAt)!.Value,
            Show(read?.ProblemList ?? []),
            source.GithubUrl(source.ReadCommit));
    }

    private static RuleRevisionResource Show(RuleRevision revision) => new(
        revision.Id.ToString(CultureInfo.InvariantCulture),
        revision.Number.ToString(CultureInfo.InvariantCulture),
        revision.State,
        revision.CommitSha,
        RuleResource.Time(revision.LoadedAt)!.Value,
        revision.LoadedBy,
        Show(revision.ProblemList),
        revision.Text);

    private static ProblemHttpResult NotFound(long id) =>
        Problem.NotFound($"There is no rule source {id}.", new NextStep("List rule sources", Href: "/api/v1/rule-sources", Command: "switchyard rule sources"));
}
