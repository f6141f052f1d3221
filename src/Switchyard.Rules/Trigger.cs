namespace Switchyard.Rules;

/// <summary>One entry below <c>on:</c>. Lists that are empty ask for nothing.</summary>
public abstract record Trigger
{
    /// <summary>One of <see cref="SignalKind"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>1-based.</summary>
    public int Line { get; init; }

    /// <summary>
    /// <c>owner/name</c> patterns in any letter case. <see cref="PatternList.None"/> only for schedule, manual and registry: such a
    /// trigger is tied to no repository.
    /// </summary>
    public PatternList Repositories { get; init; } = PatternList.None;
}

/// <summary>A branch moved.</summary>
public sealed record PushTrigger : Trigger
{
    public override string Kind => SignalKind.Push;

    public PatternList Branches { get; init; } = PatternList.None;

    public PatternList Paths { get; init; } = PatternList.None;

    /// <summary>Who pushed.</summary>
    public PatternList Authors { get; init; } = PatternList.None;
}

public sealed record PullRequestTrigger : Trigger
{
    public override string Kind => SignalKind.PullRequest;

    /// <summary>Actions of the event; see <see cref="DefaultTypes"/>.</summary>
    public IReadOnlyList<string> Types { get; init; } = DefaultTypes(drafts: false);

    /// <summary>The branch that it is to be merged into.</summary>
    public PatternList Branches { get; init; } = PatternList.None;

    public PatternList Paths { get; init; } = PatternList.None;

    /// <summary>Held against all labels together (<see cref="PatternList.MatchesSet"/>), in any letter case.</summary>
    public PatternList Labels { get; init; } = PatternList.None;

    /// <summary>Who opened it.</summary>
    public PatternList Authors { get; init; } = PatternList.None;

    /// <summary>Drafts count, too.</summary>
    public bool Drafts { get; init; }

    /// <summary>Pull requests from forks count, too.</summary>
    public bool Forks { get; init; }

    /// <summary>
    /// opened, synchronize, reopened; where drafts are left out ready_for_review, too, or what was opened as a draft would never
    /// count.
    /// </summary>
    public static IReadOnlyList<string> DefaultTypes(bool drafts) =>
        drafts ? ["opened", "synchronize", "reopened"] : ["opened", "synchronize", "reopened", "ready_for_review"];
}

/// <summary>A tag was made or moved.</summary>
public sealed record TagTrigger : Trigger
{
    public override string Kind => SignalKind.Tag;

    public PatternList Tags { get; init; } = PatternList.None;
}

public sealed record ReleaseTrigger : Trigger
{
    public override string Kind => SignalKind.Release;

    /// <summary>Actions of the event; by default published.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["published"];

    public PatternList Tags { get; init; } = PatternList.None;

    /// <summary>Null: both; true: prereleases only; false: none of them.</summary>
    public bool? Prereleases { get; init; }
}

/// <summary>The checks of a commit have settled.</summary>
public sealed record ChecksTrigger : Trigger
{
    public override string Kind => SignalKind.Checks;

    public PatternList Branches { get; init; } = PatternList.None;

    /// <summary>Only these count, with <c>*</c> and <c>?</c>, and each must be there; empty: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>By default success.</summary>
    public IReadOnlyList<string> Conclusions { get; init; } = ["success"];
}

/// <summary>A model on the default branch was added, changed or removed.</summary>
public sealed record ModelTrigger : Trigger
{
    public override string Kind => SignalKind.Model;

    public PatternList Paths { get; init; } = PatternList.None;

    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>Classes of change, in lower case.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    public IReadOnlyList<string> Events { get; init; } = [];
}

/// <summary>A registry changed.</summary>
public sealed record RegistryTrigger : Trigger
{
    public override string Kind => SignalKind.Registry;

    /// <summary>The name of the connection.</summary>
    public required string Registry { get; init; }

    /// <summary>Of <see cref="RegistryEvent"/>; by default version_created.</summary>
    public IReadOnlyList<string> Events { get; init; } = [RegistryEvent.VersionCreated];

    public PatternList Models { get; init; } = PatternList.None;

    public PatternList Aliases { get; init; } = PatternList.None;

    /// <summary>The stage after the change, in any letter case.</summary>
    public PatternList Stages { get; init; } = PatternList.None;

    /// <summary>Tags that the version must have, with patterns for their values.</summary>
    public IReadOnlyDictionary<string, PatternList> Tags { get; init; } = new Dictionary<string, PatternList>();
}

/// <summary>A time of day.</summary>
public sealed record ScheduleTrigger : Trigger
{
    public override string Kind => SignalKind.Schedule;

    /// <summary>With repositories: one Signal for each repository that matches.</summary>
    public required Cron Cron { get; init; }

    public required TimeZoneInfo Timezone { get; init; }
}

/// <summary>A person, or a call of the API.</summary>
public sealed record ManualTrigger : Trigger
{
    public override string Kind => SignalKind.Manual;

    /// <summary>The names that a person is asked for and that <c>signal.inputs.NAME</c> reads.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
