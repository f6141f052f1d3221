using System.Globalization;
using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub.Apps;

/// <summary>Makes installation tokens: POST /app/installations/{id}/access_tokens as the App.</summary>
internal sealed class TokenMint(ApiCaller caller, ServerClock clock)
{
    // A 422 does not tell an absent repository from one that was not granted.
    private static readonly Dictionary<int, GitHubErrorKind> Meanings = new()
    {
        [404] = GitHubErrorKind.InstallationGone,
        [422] = GitHubErrorKind.NotGranted,
    };

    public async Task<InstallationToken> MintAsync(long installationId, TokenScope scope, CancellationToken cancellation)
    {
        var path = $"app/installations/{installationId.ToString(CultureInfo.InvariantCulture)}/access_tokens";
        var request = caller.Request(HttpMethod.Post, path, $"get a token for installation {installationId} ({scope})") with
        {
            Body = scope.ToRequest(),
            // A second token does no harm.
            Repeatable = true,
            Changes = false,
            Meanings = Meanings,
        };
        var answer = GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.TokenAnswer);
        if (string.IsNullOrEmpty(answer.Token))
        {
            throw ApiErrors.Odd(request, "the answer holds no token");
        }

        var now = clock.Time.GetUtcNow();
        return new InstallationToken(answer.Token, clock.ToLocal(answer.ExpiresAt ?? clock.Now.AddHours(1)), now);
    }
}
