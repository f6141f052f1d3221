namespace Switchyard.GitHub.Rest;

/// <summary>A commit. <c>Author</c> is GitHub's account of its author, where there is one; <c>Commit</c> is what git holds.</summary>
public sealed record GitHubCommit(string Sha, string? HtmlUrl, CommitDetail? Commit, GitHubAccount? Author)
{
    public IReadOnlyList<GitHubObject> Parents { get; init => field = value ?? []; } = [];
}

/// <summary>What git holds of a commit.</summary>
public sealed record CommitDetail(string? Message, CommitPerson? Author, CommitPerson? Committer, GitHubObject? Tree);

/// <summary>Who made a commit, and when.</summary>
public sealed record CommitPerson(string? Name, string? Email, DateTimeOffset? Date);

/// <summary>The files that differ between two commits; <c>IsComplete</c> is false when the list is as long as GitHub ever makes it: take the changes from git.</summary>
public sealed record ChangedFiles(IReadOnlyList<ComparedFile> Files, bool IsComplete);

/// <summary>A file to be written by a commit of its own.</summary>
/// <param name="Path">Path within the repository.</param>
/// <param name="Content">All of its bytes.</param>
/// <param name="Message">The commit's message.</param>
/// <param name="Branch">The branch, without <c>refs/heads/</c>.</param>
/// <param name="ReplacesBlob">The SHA of the blob it replaces; null for a new file.</param>
public sealed record FileDraft(string Path, ReadOnlyMemory<byte> Content, string Message, string Branch, string? ReplacesBlob = null);
