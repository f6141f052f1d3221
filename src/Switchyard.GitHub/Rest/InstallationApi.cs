using System.Globalization;
using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// What is asked with an installation's token, or with the token that stands in for an App. Every method may throw
/// <see cref="GitHubException"/>. Answers are asked for conditionally: unchanged ones cost no quota.
/// </summary>
public sealed class InstallationApi
{
    private readonly ApiCaller caller;
    private readonly bool standIn;

    internal InstallationApi(ApiCaller caller, bool standIn)
    {
        (this.caller, this.standIn) = (caller, standIn);
        Actions = new ActionsApi(caller);
        Checks = new ChecksApi(caller);
        PullRequests = new PullRequestsApi(caller);
        Files = new FilesApi(caller);
        Secrets = new SecretsApi(caller);
        Members = new MembersApi(caller);
    }

    /// <summary>Workflows and runs.</summary>
    public ActionsApi Actions { get; }

    /// <summary>Check runs, check suites, commit statuses.</summary>
    public ChecksApi Checks { get; }

    public PullRequestsApi PullRequests { get; }

    /// <summary>Files, commits and refs.</summary>
    public FilesApi Files { get; }

    /// <summary>Secrets of Actions.</summary>
    public SecretsApi Secrets { get; }

    /// <summary>Members of the organisation and its teams.</summary>
    public MembersApi Members { get; }

    /// <summary>Every repository that may be seen: the installation's, or all that the token reaches.</summary>
    public async IAsyncEnumerable<GitHubRepository> ListRepositoriesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        const string Doing = "list the repositories";
        if (standIn)
        {
            await foreach (var page in caller.PagesAsync($"user/repos?{ApiCaller.PerPage}", Doing, GitHubJson.Default.ListGitHubRepository, cancellation))
            {
                foreach (var repository in page)
                {
                    yield return repository;
                }
            }

            yield break;
        }

        await foreach (var page in caller.PagesAsync($"installation/repositories?{ApiCaller.PerPage}", Doing, GitHubJson.Default.RepositoryPage, cancellation))
        {
            foreach (var repository in page.Repositories)
            {
                yield return repository;
            }
        }
    }

    /// <summary>By name. An old name leads to the renamed repository: compare the numeric id.</summary>
    public Task<GitHubRepository> GetRepositoryAsync(string owner, string repository, CancellationToken cancellation = default) =>
        caller.GetAsync(Repository(owner, repository), $"read {owner}/{repository}", GitHubJson.Default.GitHubRepository, cancellation);

    /// <summary>By the numeric id, which a repository keeps through renames and transfers.</summary>
    public Task<GitHubRepository> GetRepositoryAsync(long repositoryId, CancellationToken cancellation = default) =>
        caller.GetAsync($"repositories/{repositoryId.ToString(CultureInfo.InvariantCulture)}", $"read repository {repositoryId}", GitHubJson.Default.GitHubRepository, cancellation);

    /// <summary>A ref by its name without <c>refs/</c>, such as <c>heads/main</c>; null when there is none.</summary>
    /// <exception cref="GitHubException">EmptyRepository when there is no commit yet.</exception>
    public Task<GitHubRef?> GetRefAsync(string owner, string repository, string name, CancellationToken cancellation = default) =>
        caller.FindAsync($"{Repository(owner, repository)}/git/ref/{ApiCaller.Segments(name)}", $"read {name} of {owner}/{repository}", GitHubJson.Default.GitHubRef, cancellation);

    /// <summary>All refs that begin with a prefix, such as <c>heads/</c> or <c>tags/v1</c>.</summary>
    /// <exception cref="GitHubException">EmptyRepository when there is no commit yet.</exception>
    public async IAsyncEnumerable<GitHubRef> ListMatchingRefsAsync(
        string owner,
        string repository,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = $"{Repository(owner, repository)}/git/matching-refs/{ApiCaller.Segments(prefix)}?{ApiCaller.PerPage}";
        await foreach (var page in caller.PagesAsync(path, $"list the refs of {owner}/{repository}", GitHubJson.Default.ListGitHubRef, cancellation))
        {
            foreach (var found in page)
            {
                yield return found;
            }
        }
    }

    /// <summary>Any call, by a person's hand; refusals come back as answers.</summary>
    public Task<RawResponse> SendAsync(string method, string path, ReadOnlyMemory<byte>? body = null, CancellationToken cancellation = default) =>
        caller.SendRawAsync(method, path, body, cancellation);

    private static string Repository(string owner, string repository) => $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}";
}
