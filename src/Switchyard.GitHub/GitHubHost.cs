namespace Switchyard.GitHub;

/// <summary>
/// Where a GitHub is: its API and its web pages. github.com: <c>https://api.github.com</c>; GitHub Enterprise Server:
/// <c>https://HOST/api/v3</c>; GHE.com: <c>https://api.SUBDOMAIN.ghe.com</c>. Plain http on loopback only.
/// </summary>
public sealed record GitHubHost
{
    /// <param name="api">Base address of the REST API.</param>
    /// <param name="web">Base address of the pages and of git.</param>
    /// <exception cref="ArgumentException">Not https, or an address with a user name in it.</exception>
    public GitHubHost(Uri api, Uri web)
    {
        Api = Base(api);
        Web = Base(web);
    }

    public static GitHubHost DotCom { get; } = new(new Uri("https://api.github.com"), new Uri("https://github.com"));

    /// <summary>The API's base address, without a slash at its end.</summary>
    public Uri Api { get; }

    /// <summary>The base address of pages and git, without a slash at its end.</summary>
    public Uri Web { get; }

    /// <summary>Reads addresses as a person types them; an absent one is derived from the other.</summary>
    /// <param name="api">Such as <c>https://ghe.acme.test/api/v3</c>, or null.</param>
    /// <param name="web">Such as <c>https://ghe.acme.test</c>, or null.</param>
    /// <exception cref="ArgumentException">Not an address that may be used; the message says why.</exception>
    public static GitHubHost Parse(string? api, string? web = null)
    {
        var apiUri = Read(api);
        var webUri = Read(web);
        return (apiUri, webUri) switch
        {
            (null, null) => DotCom,
            ({ } given, null) => new GitHubHost(given, WebOf(given)),
            (null, { } given) => new GitHubHost(ApiOf(given), given),
            var (left, right) => new GitHubHost(left, right),
        };
    }

    /// <summary>The address git uses: <c>{web}/{owner}/{name}.git</c>.</summary>
    public Uri Remote(string owner, string name) =>
        new($"{Web.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(name)}.git");

    public override string ToString() => Web.Authority;

    internal Uri Endpoint(string path) =>
        new($"{Api.AbsoluteUri.TrimEnd('/')}/{path.TrimStart('/')}");

    private static Uri? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || Uri.TryCreate("https://" + text.Trim(), UriKind.Absolute, out uri)
            ? LoopbackRule.Require(uri)
            : throw new ArgumentException($"\"{text}\" is not an address. Give one such as https://ghe.acme.test/api/v3.");
    }

    private static Uri Base(Uri uri) => new(LoopbackRule.Require(uri).GetLeftPart(UriPartial.Path).TrimEnd('/'));

    private static Uri WebOf(Uri api) =>
        api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase)
            ? new UriBuilder(api) { Host = api.Host["api.".Length..], Path = "" }.Uri
            : new Uri(api.GetLeftPart(UriPartial.Authority));

    private static Uri ApiOf(Uri web) =>
        web.Host.Equals("github.com", StringComparison.OrdinalIgnoreCase) || web.Host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase)
            ? new UriBuilder(web) { Host = "api." + web.Host, Path = "" }.Uri
            : new Uri(web.GetLeftPart(UriPartial.Authority) + "/api/v3");
}
