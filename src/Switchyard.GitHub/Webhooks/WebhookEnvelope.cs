namespace Switchyard.GitHub.Webhooks;

/// <summary>
/// The few facts of a delivery that decide where it goes. Everything may be absent: 59 of 156 real examples miss fields
/// that GitHub's own schema requires.
/// </summary>
public sealed record WebhookEnvelope
{
    /// <summary>Whether the body is one JSON value.</summary>
    public bool IsJson { get; init; }

    public string? Action { get; init; }

    public long? InstallationId { get; init; }

    public long? RepositoryId { get; init; }

    public string? RepositoryFullName { get; init; }

    public string? RepositoryName { get; init; }

    /// <summary>The repository's owner, else the organization, else the account the App is installed on.</summary>
    public string? OwnerLogin { get; init; }

    public string? SenderLogin { get; init; }

    /// <summary><c>User</c>, <c>Bot</c>, <c>Organization</c>.</summary>
    public string? SenderType { get; init; }

    /// <summary>The whole ref of a push (<c>refs/heads/main</c>); create and delete events have the short name.</summary>
    public string? Ref { get; init; }

    /// <summary>The commit before a push; 40 zeros for a new ref.</summary>
    public string? Before { get; init; }

    /// <summary>The commit (or annotated tag) after a push; 40 zeros for a deletion.</summary>
    public string? After { get; init; }

    public bool? Created { get; init; }

    public bool? Deleted { get; init; }

    public bool? Forced { get; init; }

    public string? DefaultBranch { get; init; }

    public bool? Archived { get; init; }

    /// <summary>The id of the hook that a <c>ping</c> speaks of.</summary>
    public long? HookId { get; init; }

    /// <summary>Reads the envelope in one pass. Any shape of JSON is fine; anything else gives <c>IsJson = false</c>. Never throws.</summary>
    public static WebhookEnvelope Read(ReadOnlySpan<byte> json) => new EnvelopeReader().Read(json);
}
