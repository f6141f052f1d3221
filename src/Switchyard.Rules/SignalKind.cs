namespace Switchyard.Rules;

/// <summary>The words for what a Signal is about: the keys below <c>on:</c>, the value of <c>signal.kind</c>, what is stored.</summary>
public static class SignalKind
{
    public const string Push = "push";
    public const string PullRequest = "pull_request";
    public const string Tag = "tag";
    public const string Release = "release";
    public const string Checks = "checks";
    public const string Model = "model";
    public const string Registry = "registry";
    public const string Schedule = "schedule";
    public const string Manual = "manual";

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [Push, PullRequest, Tag, Release, Checks, Model, Registry, Schedule, Manual];
}
