using System.Collections.Concurrent;
using Switchyard.GitHub.Apps;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// The one way to GitHub's API. A call waits for its turn, is sent, and its answer decides: given back, repeated, or an
/// error. Order of the rules: redirect, rate limit, refused identity, failure of the server.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const int Redirects = 5;
    private const int LimitHits = 4;
    private static readonly TimeSpan[] BackOff = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9)];

    private readonly ConcurrentDictionary<long, RateLane> lanes = new();
    private readonly SharedCalls shared = new();
    private readonly EtagCache etags;
    private readonly ApiWire wire;
    private readonly GitHubConnectionOptions options;
    private long savedByEtag;

    public ApiTransport(GitHubConnectionOptions options)
    {
        this.options = options;
        Clock = new ServerClock(options.Time, options.Notice);
        wire = new ApiWire(options, Clock);
        etags = new EtagCache(options.EtagCacheBytes);
    }

    public ServerClock Clock { get; }

    public HostTraits Traits { get; } = new();

    public long SavedByEtag => Interlocked.Read(ref savedByEtag);

    /// <summary>The limits of the lanes that GitHub has told of.</summary>
    public IReadOnlyList<RateLimit> Limits => [.. lanes.Values.Select(lane => lane.State).Where(state => state.Remaining is not null)];

    public RateLane Lane(long lane) => lanes.GetOrAdd(lane, static (_, time) => new RateLane(time), options.Time);

    public Task<ApiResponse> SendAsync(ApiRequest request, CancellationToken cancellation) => request is { IsGet: true, Raw: false }
        ? shared.RunAsync(EtagCache.KeyOf(request, request.Url), stop => SendAloneAsync(request, stop), cancellation)
        : SendAloneAsync(request, cancellation);

    public void Dispose()
    {
        wire.Dispose();
        foreach (var lane in lanes.Values)
        {
            lane.Dispose();
        }
    }

    private async Task<ApiResponse> SendAloneAsync(ApiRequest request, CancellationToken cancellation)
    {
        var attempt = new Attempt(request);
        try
        {
            while (true)
            {
                if (await TryAsync(attempt, cancellation) is { } response)
                {
                    return response;
                }
            }
        }
        catch (GitHubException error) when (attempt.Failures > 0 && request.Changes && !error.MayHaveHappened)
        {
            throw error.InDoubt();
        }
    }

    /// <summary>One attempt; null when another one is due.</summary>
    private async Task<ApiResponse?> TryAsync(Attempt attempt, CancellationToken cancellation)
    {
        var request = attempt.Request;
        var lane = Lane(request.Identity.Lane);
        ApiResponse response;
        string? token;
        // The token first: making one is a call of its own and must not hold a place here meanwhile.
        (var authorization, token) = await request.Identity.AuthorizeAsync(attempt.Refusals, cancellation);
        await WaitForTurnAsync(attempt, lane, cancellation);
        using (await lane.EnterAsync(cancellation))
        {
            var key = request is { IsGet: true, Raw: false } ? EtagCache.KeyOf(request, attempt.Url) : null;
            var cached = key is null ? null : etags.Find(key);
            try
            {
                response = await wire.SendAsync(request, attempt.Url, authorization, cached?.Header("etag"), cancellation);
            }
            catch (GitHubException error) when (error.Kind is GitHubErrorKind.Network or GitHubErrorKind.Timeout && request.Repeatable && attempt.Failures < BackOff.Length)
            {
                await BackOffAsync(attempt, error.Message, null, cancellation);
                return null;
            }

            lane.Learn(response, Clock.ToLocal);
            if (response.Status == 304 && cached is not null)
            {
                Interlocked.Increment(ref savedByEtag);
                request.Identity.Accepted(token);
                return cached with { FromCache = true };
            }

            if (key is not null)
            {
                etags.Keep(key, response);
            }
        }

        return await JudgeAsync(attempt, lane, response, token, cancellation);
    }

    private async Task<ApiResponse?> JudgeAsync(Attempt attempt, RateLane lane, ApiResponse response, string? token, CancellationToken cancellation)
    {
        var request = attempt.Request;
        if (response.IsSuccess)
        {
            request.Identity.Accepted(token);
            if (token is not null)
            {
                FreshToken.Settle(token);
            }

            return response;
        }

        if (response.Status is 301 or 302 or 307 or 308)
        {
            Follow(attempt, response);
            return null;
        }

        var message = response.Status is 401 or 403 or 429 ? ApiErrors.MessageOf(response.Body) : "";
        if (ApiErrors.IsRateLimit(response, message))
        {
            var until = lane.Pause(response, Clock.ToLocal);
            options.Notice?.Invoke(new GitHubNotice(GitHubNoticeKind.Paused, $"GitHub limits the rate of requests: \"{message}\". Everything of this installation waits until {until:HH:mm:ss}Z.", request.Identity.Lane));
            if (++attempt.LimitHits > LimitHits)
            {
                throw ApiErrors.RateLimited(request, until, response);
            }

            attempt.LastLimit = response;
            return null;
        }

        if (ApiErrors.MayBeLag(response, message) && FreshToken.WaitBefore(attempt.Lags, token, options.Time.GetUtcNow(), settledToo: response.Status == 401) is { } wait)
        {
            attempt.Lags++;
            options.Notice?.Invoke(new GitHubNotice(GitHubNoticeKind.FreshTokenLag, $"GitHub answered {response.Status} to a token it has just made; the same token is tried again in {wait.TotalSeconds:0} s.", request.Identity.Lane));
            await Task.Delay(wait, options.Time, cancellation);
            return null;
        }

        if (response.Status == 401 && request.Identity.Refused(attempt.Refusals, token) == Refusal.TryAgain)
        {
            attempt.Refusals++;
            return null;
        }

        if (response.Status >= 500 && request.Repeatable && attempt.Failures < BackOff.Length)
        {
            await BackOffAsync(attempt, $"GitHub answered {response.Status}", response, cancellation);
            return null;
        }

        return request.Raw ? response : throw ApiErrors.ToException(request, response);
    }

    private void Follow(Attempt attempt, ApiResponse response)
    {
        var request = attempt.Request;
        if (response.Header("location") is not { } location || !Uri.TryCreate(attempt.Url, location, out var target))
        {
            throw ApiErrors.Odd(request, $"the answer {response.Status} names no place to go on", response.Url, refused: true);
        }

        if (!LoopbackRule.SameHost(target, request.Url))
        {
            throw ApiErrors.Odd(request, $"it was redirected to {target.Host}, and a token stays on its own host", target, refused: true);
        }

        if (++attempt.Redirects > Redirects)
        {
            throw ApiErrors.Odd(request, $"it was redirected more than {Redirects} times", target, refused: true);
        }

        options.Notice?.Invoke(new GitHubNotice(GitHubNoticeKind.Redirected, $"GitHub redirects {attempt.Url.AbsolutePath} to {target.AbsolutePath}: the repository was renamed or transferred.", request.Identity.Lane));
        attempt.Url = target;
    }

    private async Task WaitForTurnAsync(Attempt attempt, RateLane lane, CancellationToken cancellation)
    {
        var longest = attempt.Request switch
        {
            { Yields: true } => TimeSpan.Zero,
            { IsWrite: true } => options.LongestWriteWait ?? options.LongestWait,
            _ => options.LongestWait,
        };
        var turn = lane.Turn(attempt.Request.IsWrite && attempt.Request.Identity.Paced, longest, attempt.Request.Yields);
        for (var until = turn; ; until = lane.PausedUntil)
        {
            var wait = until - options.Time.GetUtcNow();
            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            if (wait > longest)
            {
                throw ApiErrors.RateLimited(attempt.Request, until, attempt.LastLimit);
            }

            await Task.Delay(wait, options.Time, cancellation);
        }
    }

    private Task BackOffAsync(Attempt attempt, string why, ApiResponse? response, CancellationToken cancellation)
    {
        var wait = BackOff[attempt.Failures++];
        if (response?.Header("retry-after") is { } text && int.TryParse(text, out var seconds) && seconds > 0)
        {
            wait = TimeSpan.FromSeconds(Math.Min(seconds, options.LongestWait.TotalSeconds));
        }

        options.Notice?.Invoke(new GitHubNotice(GitHubNoticeKind.Retried, $"Again in {wait.TotalSeconds:0} s: {why}.", attempt.Request.Identity.Lane));
        return Task.Delay(wait, options.Time, cancellation);
    }

    private sealed class Attempt(ApiRequest request)
    {
        public ApiRequest Request => request;

        public Uri Url { get; set; } = request.Url;

        public int Redirects { get; set; }

        public int Refusals { get; set; }

        public int Lags { get; set; }

        public int Failures { get; set; }

        public int LimitHits { get; set; }

        public ApiResponse? LastLimit { get; set; }
    }
}
