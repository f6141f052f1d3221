using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.GitHub;

/// <summary>Answers in place of GitHub, by a function that the test gives, and keeps what was asked.</summary>
internal sealed class ScriptedGitHub(FakeTime time) : HttpMessageHandler
{
    public const string Classic = "ghs_0123456789abcdefghijABCDEFGHIJ012345";

    private int minted;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public ConcurrentQueue<GitHubNotice> Notices { get; } = new();

    /// <summary>Answers everything but the making of tokens.</summary>
    public Func<Asked, HttpResponseMessage> Answer { get; set; } = _ => Json(200, "{}");

    /// <summary>Answers the making of a token; the number counts from 1.</summary>
    public Func<Asked, int, HttpResponseMessage>? Mint { get; set; }

    /// <summary>How far GitHub's clock is ahead.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Takes every call and never answers.</summary>
    public bool Silent { get; set; }

    public int Minted => minted;

    public DateTimeOffset ServerNow => time.GetUtcNow() + Skew;

    public IEnumerable<Asked> Calls => Requests.Where(asked => !asked.IsMint);

    public static HttpResponseMessage Json(int status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    /// <summary>A day for one attempt, so that its time-out is never taken for a wait of the code under test.</summary>
    public GitHubConnectionOptions Options(GitHubConnectionOptions? options = null) =>
        (options ?? new GitHubConnectionOptions { RequestTimeout = TimeSpan.FromDays(1) }) with { Time = time, Handler = this, Notice = Notices.Enqueue };

    public GitHubConnection Connect(GitHubConnectionOptions? options = null, IAppSigner? next = null) =>
        GitHubConnection.ForApp(new AppCredentials(GitHubHost.DotCom, "Iv23client", TestKeys.First, next), Options(options));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken));
        Requests.Enqueue(asked);
        if (Silent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        var response = asked.IsMint ? AnswerMint(asked) : Answer(asked);
        response.Headers.Date ??= ServerNow;
        return response;
    }

    private HttpResponseMessage AnswerMint(Asked asked)
    {
        var number = Interlocked.Increment(ref minted);
        return Mint?.Invoke(asked, number) ?? Json(201, $$"""{"token":"{{Classic}}{{number}}","expires_at":"{{ServerNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}","permissions":{},"new_field":[1]}""");
    }

    internal sealed record Asked(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, string? Body)
    {
        public bool IsMint => Url.AbsolutePath.EndsWith("/access_tokens", StringComparison.Ordinal);

        public string Path => Url.PathAndQuery;

        public string? Header(string name) => Headers.GetValueOrDefault(name);

        public string? Bearer => Header("Authorization")?["Bearer ".Length..];
    }
}
