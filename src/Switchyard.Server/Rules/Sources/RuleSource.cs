using System.Text.Json;
using Switchyard.Rules;

namespace Switchyard.Server.Rules.Sources;

internal static class RuleSourceState
{
    /// <summary>What was read last is in force.</summary>
    public const string Loaded = "Loaded";

    /// <summary>What was read last has errors; the last good one stays in force.</summary>
    public const string Broken = "Broken";

    /// <summary>The file is gone, and its rules with it.</summary>
    public const string Absent = "Absent";

    public static readonly string[] All = [Loaded, Broken, Absent];
}

/// <summary>Which file of rules: the central one of an account, one of a repository, or a local one.</summary>
internal sealed record RuleSourceKey(long ProviderId, RuleFileKind Kind, string Name, long? RepositoryId, string Path);

/// <summary>A file of rules. Times are UTC milliseconds.</summary>
internal sealed record RuleSource
{
    public const string Columns =
        """
        s.id, s.provider_id, p.slug as provider, p.web_url, s.kind, s.name, s.repository_id, r.github_id as github_repository_id, r.default_branch, s.path, s.state, s.revision_id, s.read_revision_id,
        s.read_commit, s.updated_at
        """;

    public const string From = "rule_sources s join providers p on p.id = s.provider_id left join repositories r on r.id = s.repository_id";

    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Provider { get; init; } = "";

    public string WebUrl { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary><c>acme/.github</c>, <c>acme/the-tests</c>, or what a local file is called.</summary>
    public string Name { get; init; } = "";

    public long? RepositoryId { get; init; }

    public long? GithubRepositoryId { get; init; }

    public string? DefaultBranch { get; init; }

    public string Path { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>The revision in force.</summary>
    public long? RevisionId { get; init; }

    /// <summary>The revision read last, good or not.</summary>
    public long? ReadRevisionId { get; init; }

    public string? ReadCommit { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>The file on GitHub as it was at the commit; null for a local one.</summary>
    public string? GithubUrl(string? commit, int line = 0) =>
        FileKind == RuleFileKind.Local || commit is null || Name.Split('/') is not [var owner, var repository] ? null
        : $"{WebUrl.TrimEnd('/')}/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(repository)}/blob/{Uri.EscapeDataString(commit)}/{string.Join('/', Path.Split('/').Select(Uri.EscapeDataString))}"
            + (line > 0 ? $"#L{line.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "");

    public RuleFileKind FileKind => Enum.Parse<RuleFileKind>(Kind);

    public RuleSourceKey Key => new(ProviderId, FileKind, Name, RepositoryId, Path);
}

/// <summary>One state of a file of rules.</summary>
internal sealed record RuleRevision
{
    public const string Columns = "id, source_id, number, commit_sha, text, state, problems, target_problems, loaded_at, loaded_by";

    /// <summary>As a problem is stored and shown.</summary>
    public static readonly JsonSerializerOptions ProblemFormat = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    public long Id { get; init; }

    public long SourceId { get; init; }

    public long Number { get; init; }

    public string? CommitSha { get; init; }

    public string Text { get; init; } = "";

    /// <summary><c>Good</c> or <c>Broken</c>.</summary>
    public string State { get; init; } = "";

    public string Problems { get; init; } = "[]";

    /// <summary>What GitHub said of the targets when they were last looked at, warnings alone; null: not yet.</summary>
    public string? TargetProblems { get; init; }

    public long LoadedAt { get; init; }

    public string LoadedBy { get; init; } = "";

    public bool IsGood => State == "Good";

    /// <summary>All of them, in the order of the file.</summary>
    public IReadOnlyList<RuleProblem> ProblemList => [.. JudgedProblems.Concat(LookedProblems).OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    /// <summary>What is wrong with the text, by itself and together with the other files.</summary>
    public IReadOnlyList<RuleProblem> JudgedProblems => Read(Problems);

    public IReadOnlyList<RuleProblem> LookedProblems => TargetProblems is null ? [] : Read(TargetProblems);

    public static string Write(IReadOnlyList<RuleProblem> problems) => JsonSerializer.Serialize(problems, ProblemFormat);

    private static List<RuleProblem> Read(string problems) => JsonSerializer.Deserialize<List<RuleProblem>>(problems, ProblemFormat) ?? [];
}
