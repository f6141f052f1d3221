namespace Switchyard.GitHub.Git;

/// <summary>Runs a command against a remote: with a token of the moment, through a fresh token's lag and one redirect.</summary>
internal static class GitAttempts
{
    public static async Task<T> RunAsync<T>(
        GitOptions options,
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        bool blobless,
        Func<GitAccess, Task<T>> run,
        CancellationToken cancellation)
    {
        var value = await token(cancellation);
        var access = new GitAccess(LoopbackRule.Require(remote), value, blobless);
        var refused = 0;
        var redirects = 0;
        while (true)
        {
            try
            {
                return await run(access);
            }
            catch (GitException error) when (error.Kind is GitErrorKind.AuthenticationFailed or GitErrorKind.RepositoryNotFound)
            {
                if (FreshToken.WaitBefore(refused++, value, options.Time.GetUtcNow(), settledToo: true) is not { } wait)
                {
                    throw;
                }

                await Task.Delay(wait, options.Time, cancellation);
            }
            catch (GitException error) when (error.Kind == GitErrorKind.RepositoryMoved && redirects < 3)
            {
                redirects++;
                var target = await GitRedirect.ResolveAsync(access.Remote, value, cancellation)
                    ?? throw new GitException(
                        GitErrorKind.RepositoryMoved,
                        $"Could not follow {access.Remote.AbsoluteUri}: it redirects to another host, and a token stays on its own. Look up the repository's new name.",
                        error);
                access = access with { Remote = target };
            }
        }
    }
}
