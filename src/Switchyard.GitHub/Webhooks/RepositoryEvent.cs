namespace Switchyard.GitHub.Webhooks;

/// <summary>
/// What the events of a repository have in common. Everything may be absent, whatever GitHub's schema says: a fact that
/// is missing, or of another kind than expected, is null, false or empty, and nothing here throws.
/// </summary>
public abstract record RepositoryEvent
{
    public string? Action { get; init; }

    public long? RepositoryId { get; init; }

    public string? RepositoryFullName { get; init; }

    public string? RepositoryHtmlUrl { get; init; }

    public bool RepositoryPrivate { get; init; }

    public string? DefaultBranch { get; init; }

    public long? InstallationId { get; init; }

    /// <summary>Who caused it; an App's is <c>slug[bot]</c>.</summary>
    public string? SenderLogin { get; init; }

    /// <summary><c>User</c>, <c>Bot</c>, <c>Organization</c>.</summary>
    public string? SenderType { get; init; }

    internal static T With<T>(Facts root, Func<Facts, T> read)
        where T : RepositoryEvent =>
        read(root) with
        {
            Action = root.Text("action"),
            RepositoryId = root.Of("repository").Number("id"),
            RepositoryFullName = root.Of("repository").Text("full_name"),
            RepositoryHtmlUrl = root.Of("repository").Text("html_url"),
            RepositoryPrivate = root.Of("repository").Flag("private"),
            DefaultBranch = root.Of("repository").Text("default_branch"),
            InstallationId = root.Of("installation").Number("id"),
            SenderLogin = root.Of("sender").Text("login"),
            SenderType = root.Of("sender").Text("type"),
        };
}
