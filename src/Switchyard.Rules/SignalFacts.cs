using System.Text.Json.Serialization;

namespace Switchyard.Rules;

/// <summary>
/// What is known of one Signal: what rules are held against and what placeholders read. Stored as JSON with snake_case names
/// (<see cref="ToJson"/>); what a reader does not know is ignored, what is missing is null.
/// </summary>
public sealed partial record SignalFacts
{
    /// <summary>One of <see cref="SignalKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The Signal's id as the API shows it.</summary>
    public string? Id { get; init; }

    /// <summary>The repository in which it happened; null for a registry, and for a schedule or a person's start without one.</summary>
    public SourceFacts? Source { get; init; }

    /// <summary>
    /// The commit the Signal is about: the head after a push, the head of the pull request, the commit a tag points to (peeled),
    /// the commit whose checks settled.
    /// </summary>
    public string? Sha { get; init; }

    /// <summary>The commit before a push; null for a new ref.</summary>
    public string? Before { get; init; }

    /// <summary>The whole ref, <c>refs/heads/main</c> or <c>refs/tags/v1</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>The branch without <c>refs/heads/</c>. For a pull request its base: what <c>branches</c> is held against.</summary>
    public string? Branch { get; init; }

    /// <summary>The tag without <c>refs/tags/</c>.</summary>
    public string? Tag { get; init; }

    /// <summary>The login of whoever did it (GitHub's <c>sender</c>).</summary>
    public string? Actor { get; init; }

    /// <summary>GitHub's <c>sender.type</c>: <c>User</c>, <c>Bot</c>, <c>Organization</c>.</summary>
    public string? ActorType { get; init; }

    /// <summary>The action of the event (<c>opened</c>, <c>published</c>); null where the event has none.</summary>
    public string? Action { get; init; }

    /// <summary>Where a person sees it on the other side.</summary>
    public string? Url { get; init; }

    /// <summary>When it happened by the other side's clock, in UTC.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The one rule that it is meant for (a schedule's own, the one a person started); null where any rule may take it.</summary>
    public string? RuleKey { get; init; }

    /// <summary>The paths that changed, as in git; null as long as nobody has looked (<see cref="RuleEvaluation.NeedsPaths"/>).</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    public PullRequestFacts? PullRequest { get; init; }

    public ReleaseFacts? Release { get; init; }

    public ChecksFacts? Checks { get; init; }

    public ModelFacts? Model { get; init; }

    public RegistryFacts? Registry { get; init; }

    public ScheduleFacts? Schedule { get; init; }

    /// <summary>What a person gave along (<c>signal.inputs.NAME</c>).</summary>
    public IReadOnlyDictionary<string, string>? Inputs { get; init; }

    /// <summary>Whether whoever owns a fork chose the texts of this Signal (<see cref="PlaceholderField.ForkControlled"/>).</summary>
    [JsonIgnore]
    public bool IsFromFork => PullRequest?.FromFork == true;
}

/// <summary>A repository as a source.</summary>
public sealed record SourceFacts
{
    /// <summary>GitHub's numeric id, which outlives names.</summary>
    public long Id { get; init; }

    public string Owner { get; init; } = "";

    public string Name { get; init; } = "";

    public string? DefaultBranch { get; init; }

    public string? HtmlUrl { get; init; }

    public bool Private { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    [JsonIgnore]
    public string FullName => $"{Owner}/{Name}";
}

public sealed record PullRequestFacts
{
    public int Number { get; init; }

    public string? Title { get; init; }

    /// <summary>The branch that is to be merged, in <see cref="HeadRepository"/>.</summary>
    public string? HeadRef { get; init; }

    /// <summary><c>owner/name</c>; null when the fork is gone.</summary>
    public string? HeadRepository { get; init; }

    public string? BaseRef { get; init; }

    public string? Author { get; init; }

    public bool Draft { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The head is in another repository than the base, or that repository is gone.</summary>
    public bool FromFork { get; init; }
}

public sealed record ReleaseFacts
{
    public long Id { get; init; }

    public string? Tag { get; init; }

    public string? Name { get; init; }

    public bool Draft { get; init; }

    public bool Prerelease { get; init; }

    public string? Author { get; init; }
}

/// <summary>All checks and statuses of one commit, once they have settled.</summary>
public sealed record ChecksFacts
{
    /// <summary>What they come to: <c>success</c>, or the worst conclusion among them in GitHub's words.</summary>
    public string? Conclusion { get; init; }

    public IReadOnlyList<CheckFacts> Runs { get; init; } = [];
}

/// <summary>One check run or commit status that counts.</summary>
public sealed record CheckFacts
{
    public string Name { get; init; } = "";

    /// <summary>GitHub's word; a status' <c>error</c> is kept as it is.</summary>
    public string? Conclusion { get; init; }
}

/// <summary>One new, changed or removed model.</summary>
public sealed record ModelFacts
{
    public string Path { get; init; } = "";

    /// <summary>The id of the format as the catalogue has it.</summary>
    public string? Format { get; init; }

    /// <summary><c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
    public string Event { get; init; } = "";

    /// <summary>The highest class of its changes, in lower case; null when the two versions were not compared.</summary>
    public string? Change { get; init; }

    public string? Version { get; init; }

    public string? Name { get; init; }
}

/// <summary>One change in an MLflow server or an Azure ML workspace.</summary>
public sealed record RegistryFacts
{
    /// <summary>The name of the connection, as set up in Switchyard.</summary>
    public string Name { get; init; } = "";

    /// <summary>One of <see cref="RegistryEvent"/>.</summary>
    public string Event { get; init; } = "";

    public string? Model { get; init; }

    public string? Version { get; init; }

    public string? Alias { get; init; }

    public string? Stage { get; init; }

    public string? FromStage { get; init; }

    /// <summary>The tags of the version after the change.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? RunId { get; init; }
}

public sealed record ScheduleFacts
{
    /// <summary>The five fields as the rule has them.</summary>
    public string Cron { get; init; } = "";

    /// <summary>The minute for which it fired, which is not the moment when that was worked off.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>What can happen in a registry.</summary>
public static class RegistryEvent
{
    public const string VersionCreated = "version_created";
    public const string VersionReady = "version_ready";
    public const string VersionUpdated = "version_updated";
    public const string VersionDeleted = "version_deleted";
    public const string StageChanged = "stage_changed";
    public const string AliasSet = "alias_set";
    public const string AliasRemoved = "alias_removed";
    public const string TagSet = "tag_set";
    public const string TagRemoved = "tag_removed";
    public const string ModelDeleted = "model_deleted";

    public static IReadOnlyList<string> All { get; } =
        [VersionCreated, VersionReady, VersionUpdated, VersionDeleted, StageChanged, AliasSet, AliasRemoved, TagSet, TagRemoved, ModelDeleted];
}
