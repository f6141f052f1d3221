using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Switchyard.GitHub.Rest;

/// <summary>Calls as one identity: typed answers, pages by the Link header, absent things as null.</summary>
/// <param name="needs">The permission that the calls need, where they do not say it themselves.</param>
internal sealed class ApiCaller(ApiTransport transport, GitHubHost host, ApiIdentity identity, string? needs = null)
{
    public const string PerPage = "per_page=100";

    public GitHubHost Host => host;

    /// <summary>Who calls, for messages.</summary>
    public string Identity => identity.Name;

    /// <summary>What this host was found to refuse.</summary>
    public HostTraits Traits => transport.Traits;

    /// <summary>The same caller, for calls that need a permission such as <c>actions=read</c>.</summary>
    public ApiCaller Needing(string permission) => new(transport, host, identity, permission);

    public ApiRequest Request(HttpMethod method, string path, string doing) => new(method, host.Endpoint(path), doing, identity) { Needs = needs };

    /// <summary>A call that changes something, never sent again by itself once it may have happened.</summary>
    public ApiRequest Write(HttpMethod method, string path, string doing, string permission, byte[]? body = null) =>
        Request(method, path, doing) with { Needs = permission, Body = body, Repeatable = false };

    public Task<ApiResponse> SendAsync(ApiRequest request, CancellationToken cancellation) => transport.SendAsync(request, cancellation);

    public async Task<T> GetAsync<T>(string path, string doing, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var request = Request(HttpMethod.Get, path, doing);
        return GitHubJson.Read(request, await transport.SendAsync(request, cancellation), type);
    }

    /// <summary>Null for 404.</summary>
    public async Task<T?> FindAsync<T>(string path, string doing, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await GetAsync(path, doing, type, cancellation);
        }
        catch (GitHubException error) when (error.Kind == GitHubErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>All pages. The address of a page is GitHub's, never ours, but it must be on the same host.</summary>
    public async IAsyncEnumerable<TPage> PagesAsync<TPage>(
        string path,
        string doing,
        JsonTypeInfo<TPage> type,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = Request(HttpMethod.Get, path, doing);
        while (true)
        {
            var response = await transport.SendAsync(request, cancellation);
            yield return GitHubJson.Read(request, response, type);
            if (NextLink(response.Header("link")) is not { } next)
            {
                yield break;
            }

            var url = new Uri(request.Url, next);
            if (!LoopbackRule.SameHost(url, host.Api) || url == request.Url)
            {
                throw ApiErrors.Odd(request, $"the next page is said to be at {url.GetLeftPart(UriPartial.Path)}", url);
            }

            request = request with { Url = url };
        }
    }

    public async Task<RawResponse> SendRawAsync(string method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellation)
    {
        var url = Uri.TryCreate(path, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https" ? absolute : host.Endpoint(path);
        if (!LoopbackRule.SameHost(url, host.Api))
        {
            throw new ArgumentException($"{url.Host} is not {host.Api.Host}: a token stays on its own host. Give a path such as /app.", nameof(path));
        }

        var request = new ApiRequest(HttpMethod.Parse(method.ToUpperInvariant()), url, $"{method.ToUpperInvariant()} {url.AbsolutePath}", identity) { Body = body?.ToArray(), Raw = true };
        var response = await transport.SendAsync(request, cancellation);
        return new RawResponse(response.Status, response.Headers, response.Body);
    }

    /// <summary>A name as one segment of a path.</summary>
    public static string Segment(string name) => Uri.EscapeDataString(name);

    /// <summary>A name with slashes, such as a ref or a file, each part of it percent-encoded.</summary>
    public static string Segments(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    // <https://api.github.com/...?page=2>; rel="next", <...>; rel="last"
    internal static string? NextLink(string? header)
    {
        foreach (var link in (header ?? "").Split(','))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            var start = link.IndexOf('<', StringComparison.Ordinal);
            if (start >= 0 && end > start && link.AsSpan(end).Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase))
            {
                return link[(start + 1)..end];
            }
        }

        return null;
    }
}
