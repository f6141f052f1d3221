using System.Globalization;
using System.Text.Json.Nodes;

namespace Switchyard.Rules;

/// <summary>The values of one Dispatch, out of the facts of its Signals.</summary>
/// <param name="facts">The Signal that counts: the last one.</param>
/// <param name="ruleName">The rule.</param>
/// <param name="dispatchId">Empty as long as there is none.</param>
/// <param name="batch">The newest of each branch, tag and pull request that went in, oldest first; null: <paramref name="facts"/> alone.</param>
/// <param name="count">How many Signals went in; null: as many as the batch has.</param>
public sealed class Placeholders(SignalFacts facts, string ruleName, string dispatchId, IReadOnlyList<SignalFacts>? batch = null, long? count = null) : IPlaceholders
{
    private readonly IReadOnlyList<SignalFacts> batch = batch ?? [facts];
    private readonly long count = count ?? batch?.Count ?? 1;

    public string Text(string field) => field switch
    {
        "rule.name" => ruleName,
        "dispatch.id" => dispatchId,
        "batch.count" => Number(count),
        "batch.sources" => Sources().ToJsonString(),
        _ => Of(facts, field),
    };

    public JsonNode? Json(string field) => field switch
    {
        "batch.count" => JsonValue.Create(count),
        "batch.sources" => Sources(),
        "source.id" => facts.Source is { } source ? JsonValue.Create(source.Id) : null,
        "signal.number" => facts.PullRequest is { } pull ? JsonValue.Create(pull.Number) : null,
        _ => Text(field) is { Length: > 0 } text ? JsonValue.Create(text) : null,
    };

    /// <summary>The field of one Signal, percent-encoded where a fork's owner could have chosen it.</summary>
    private static string Of(SignalFacts facts, string field)
    {
        var value = Raw(facts, field) ?? "";
        return facts.IsFromFork && PlaceholderFields.Find(field) is { ForkControlled: true } && !IsOfBase(facts.PullRequest!, field, value)
            ? Uri.EscapeDataString(value)
            : value;
    }

    /// <summary>What a pull request from a fork is to be merged into belongs to the repository itself.</summary>
    private static bool IsOfBase(PullRequestFacts pull, string field, string value) =>
        pull.BaseRef is { } branch && field is "signal.branch" or "signal.ref" && (value == branch || value == "refs/heads/" + branch);

    private static string? Raw(SignalFacts facts, string field) => field switch
    {
        "source.owner" => facts.Source?.Owner,
        "source.name" => facts.Source?.Name,
        "source.full_name" => facts.Source?.FullName,
        "source.id" => facts.Source is { } source ? Number(source.Id) : null,
        "source.default_branch" => facts.Source?.DefaultBranch,
        "source.html_url" => facts.Source?.HtmlUrl,
        "signal.id" => facts.Id,
        "signal.kind" => facts.Kind,
        "signal.sha" => facts.Sha,
        "signal.short_sha" => facts.Sha is { Length: > 7 } sha ? sha[..7] : facts.Sha,
        "signal.before" => facts.Before,
        "signal.ref" => facts.Ref,
        "signal.branch" => facts.Branch,
        "signal.tag" => facts.Tag ?? facts.Release?.Tag,
        "signal.actor" => facts.Actor,
        "signal.action" => facts.Action ?? facts.Registry?.Event ?? facts.Model?.Event,
        "signal.url" => facts.Url,
        "signal.occurred_at" => facts.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => OfParts(facts, field),
    };

    private static string? OfParts(SignalFacts facts, string field) => field switch
    {
        "signal.number" => facts.PullRequest is { } pull ? Number(pull.Number) : null,
        "signal.title" => facts.PullRequest?.Title,
        "signal.head_ref" => facts.PullRequest?.HeadRef,
        "signal.base_ref" => facts.PullRequest?.BaseRef,
        "signal.head_repository" => facts.PullRequest?.HeadRepository,
        "signal.model" => facts.Model?.Name ?? facts.Registry?.Model,
        "signal.path" => facts.Model?.Path,
        "signal.format" => facts.Model?.Format,
        "signal.change" => facts.Model?.Change,
        "signal.version" => facts.Model?.Version ?? facts.Registry?.Version,
        "signal.alias" => facts.Registry?.Alias,
        "signal.stage" => facts.Registry?.Stage,
        "signal.registry" => facts.Registry?.Name,
        "signal.run_id" => facts.Registry?.RunId,
        "signal.conclusion" => facts.Checks?.Conclusion,
        _ when field.StartsWith(PlaceholderFields.Inputs, StringComparison.Ordinal) => facts.Inputs?.GetValueOrDefault(field[PlaceholderFields.Inputs.Length..]),
        _ => null,
    };

    private JsonArray Sources() => new([.. batch.Select(Source)]);

    private static JsonObject Source(SignalFacts facts)
    {
        var source = new JsonObject();
        foreach (var (name, field) in new[]
        {
            ("repository", "source.full_name"), ("sha", "signal.sha"), ("ref", "signal.ref"), ("branch", "signal.branch"), ("url", "signal.url"),
        })
        {
            if (Of(facts, field) is { Length: > 0 } value)
            {
                source[name] = value;
            }
        }

        if (facts.PullRequest is { } pull)
        {
            source["number"] = pull.Number;
        }

        return source;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
