using Switchyard.GitHub.Git;

namespace Switchyard.Tests.GitHub.Git;

/// <summary>A source repository, a server that shows it, and a mirror of it, in one temporary folder.</summary>
internal sealed class GitWorld : IAsyncDisposable
{
    public const string Token = "ghs_1234567_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhcHAiLCJleHAiOjF9.c2ln-bmF0dXJl_dGVzdA";

    private readonly string folder;

    private GitWorld(string folder, GitServer server, GitOptions options)
    {
        this.folder = folder;
        Server = server;
        Options = options;
        Source = new SourceRepository(Path.Combine(folder, "srv", "acme", "models.git"));
        Mirror = new GitMirror(Path.Combine(folder, "mirror"), options);
    }

    public GitServer Server { get; }

    public SourceRepository Source { get; }

    public GitMirror Mirror { get; }

    public GitOptions Options { get; }

    public Uri Remote => Server.Remote("acme/models");

    public static async Task<GitWorld> StartAsync(GitOptions? options = null)
    {
        var temporary = Directory.CreateTempSubdirectory("switchyard-git-").FullName;
        var server = await GitServer.StartAsync(Path.Combine(temporary, "srv"));
        server.Token = Token;
        return new GitWorld(temporary, server, options ?? new GitOptions());
    }

    public static ValueTask<string?> GiveToken(CancellationToken cancellation) => new(Token);

    public string PathOf(string name) => Path.Combine(folder, name);

    public Task<GitFetchOutcome> FetchAsync(GitDepth depth = GitDepth.Whole, CancellationToken cancellation = default) =>
        Mirror.FetchAsync(Remote, GiveToken, new GitFetch(["+refs/heads/*:refs/heads/*"], depth), null, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Mirror.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
