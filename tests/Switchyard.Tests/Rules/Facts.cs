using Switchyard.Rules;

namespace Switchyard.Tests.Rules;

/// <summary>Signals and rules for the tables of the tests.</summary>
internal static class Facts
{
    public const string Sha = "4f1c9aa0d1b2c3d4e5f60718293a4b5c6d7e8f90";

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static SourceFacts Source(string fullName = "acme/the-app") => new()
    {
        Id = 1296269,
        Owner = fullName.Split('/')[0],
        Name = fullName.Split('/')[1],
        DefaultBranch = "main",
        HtmlUrl = $"https://github.com/{fullName}",
    };

    public static SignalFacts Push(string repository = "acme/the-app", string branch = "main", string[]? paths = null, string actor = "octocat") => new()
    {
        Kind = SignalKind.Push,
        Id = "s-1",
        Source = Source(repository),
        Sha = Sha,
        Before = "0000000000000000000000000000000000000001",
        Ref = "refs/heads/" + branch,
        Branch = branch,
        Actor = actor,
        ActorType = "User",
        Url = $"https://github.com/{repository}/commit/{Sha}",
        OccurredAt = Noon,
        Paths = paths,
    };

    public static SignalFacts PullRequest(Func<PullRequestFacts, PullRequestFacts>? change = null, string action = "opened", string[]? paths = null)
    {
        var pull = new PullRequestFacts { Number = 7, Title = "Add a test", HeadRef = "feature", HeadRepository = "acme/the-app", BaseRef = "main", Author = "octocat" };
        return Push(paths: paths) with { Kind = SignalKind.PullRequest, Action = action, PullRequest = change?.Invoke(pull) ?? pull, Ref = "refs/pull/7/head" };
    }

    public static SignalFacts Tag(string tag, string repository = "acme/the-app") =>
        Push(repository) with { Kind = SignalKind.Tag, Tag = tag, Branch = null, Ref = "refs/tags/" + tag };

    public static SignalFacts Release(string tag, bool prerelease = false, string action = "published") =>
        Tag(tag) with { Kind = SignalKind.Release, Action = action, Release = new() { Tag = tag, Prerelease = prerelease } };

    public static SignalFacts Checks(string conclusion, params (string Name, string Conclusion)[] runs) => Push() with
    {
        Kind = SignalKind.Checks,
        Checks = new() { Conclusion = conclusion, Runs = [.. runs.Select(run => new CheckFacts { Name = run.Name, Conclusion = run.Conclusion })] },
    };

    public static SignalFacts Model(string path = "order.avsc", string format = "avro", string? change = "breaking", string what = "changed", string repository = "acme/models") => Push(repository) with
    {
        Kind = SignalKind.Model,
        Model = new() { Path = path, Format = format, Change = change, Event = what, Version = "7", Name = "Order" },
    };

    public static SignalFacts Registry(string what = RegistryEvent.AliasSet, string model = "fraud-eu", string? alias = "champion", string registry = "mlflow-prod") => new()
    {
        Kind = SignalKind.Registry,
        OccurredAt = Noon,
        Registry = new() { Name = registry, Event = what, Model = model, Alias = alias, Version = "12", Tags = new Dictionary<string, string> { ["validated"] = "yes" } },
    };

    public static SignalFacts Schedule(string cron, string? repository = null) =>
        new() { Kind = SignalKind.Schedule, OccurredAt = Noon, Source = repository is null ? null : Source(repository), Schedule = new() { Cron = cron, At = Noon } };

    public static SignalFacts Manual(string repository) =>
        Push(repository) with { Kind = SignalKind.Manual, Inputs = new Dictionary<string, string> { ["reason"] = "why not" } };

    /// <summary>The only rule of a central file of acme that has this below "on".</summary>
    public static Rule Rule(string on, string more = "", RuleFileScope? scope = null, string action = "{ workflow: { repository: acme/the-tests, file: a.yml } }") =>
        Rules($"version: 1\nrules:\n  - name: tests\n    on: {on}\n    do: {action}\n{(more.Length == 0 ? "" : $"    {more}\n")}", scope).Single();

    public static IReadOnlyList<Rule> Rules(string yaml, RuleFileScope? scope = null)
    {
        var result = RuleFile.Parse(yaml, scope ?? RuleFileScope.Central("acme"));
        Xunit.Assert.True(result.File is not null, string.Join('\n', result.Problems));
        return result.File!.Rules;
    }
}
