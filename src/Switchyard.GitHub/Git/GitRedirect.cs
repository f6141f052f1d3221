using System.Net;
using System.Net.Http.Headers;

namespace Switchyard.GitHub.Git;

/// <summary>
/// Follows the redirect of a renamed repository. Git itself would carry the token on to another host, because it treats
/// the new address as its own from then on, so git follows nothing and the way is looked up here.
/// </summary>
internal static class GitRedirect
{
    private const string Suffix = "/info/refs";

    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The new address on the same host, or null when there is none that may be used.</summary>
    public static async Task<Uri?> ResolveAsync(Uri remote, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{remote.AbsoluteUri}{Suffix}?service=git-upload-pack");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Redaction.Basic(token));
        }

        try
        {
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
            {
                return null;
            }

            var target = new Uri(remote, location);
            var path = target.GetLeftPart(UriPartial.Path);
            return LoopbackRule.Allows(target) && LoopbackRule.SameHost(target, remote) && path.EndsWith(Suffix, StringComparison.Ordinal)
                ? new Uri(path[..^Suffix.Length])
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
