using System.Globalization;
using System.Text;

namespace Switchyard.Server.Vault.Remote;

/// <summary>An answer of a vault; the body may be a secret.</summary>
internal sealed record VaultAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public override string ToString() => Status.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Calls a vault elsewhere. What may pass (429, 5xx, no connection, no answer in time) is tried four times with growing
/// pauses; redirects are not followed, since the token would go along.
/// </summary>
internal sealed class VaultHttp(HttpClient http, string vault, Uri address, TimeSpan timeout, TimeProvider time)
{
    private const int Tries = 4;

    /// <summary>Shorter texts are words of the request: RS256, BASE64.</summary>
    private const int Shortest = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public string Vault => vault;

    public Uri Address => address;

    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    /// <param name="what">The aim of the call, for the error: "read the secret token of provider:1".</param>
    /// <param name="request">Makes the request, anew for each try.</param>
    /// <param name="isFinal">An answer that looks as if it may pass and will not.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="VaultException">There was no answer, also after repeating.</exception>
    public async Task<VaultAnswer> SendAsync(string what, Func<HttpRequestMessage> request, Func<VaultAnswer, bool>? isFinal, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            var (answer, after, failure) = await TryAsync(request, cancellation);
            if (answer is not null && (number == Tries || !MayPass(answer) || isFinal?.Invoke(answer) == true))
            {
                return answer;
            }

            if (number == Tries)
            {
                throw new VaultException(
                    $"{vault} at {address} could not be reached to {what}: {failure}. Look whether it runs and whether this machine may connect to it; what waits for the secret goes on by itself.");
            }

            var pause = FirstPause * Math.Pow(2, number - 1);
            await Task.Delay(after is { } asked && asked > pause ? (asked < LongestPause ? asked : LongestPause) : pause, time, cancellation);
        }
    }

    /// <summary>The vault's own words on one line, without what must not be told.</summary>
    public static string Words(string? text, IReadOnlyList<string>? secrets = null)
    {
        var words = new StringBuilder(string.IsNullOrWhiteSpace(text) ? "no reason given" : text.ReplaceLineEndings(" ").Trim());
        foreach (var secret in secrets ?? [])
        {
            if (secret.Length >= Shortest)
            {
                words.Replace(secret, "***");
            }
        }

        return words.Length > 300 ? words.ToString(0, 300) + "..." : words.ToString();
    }

    private static bool MayPass(VaultAnswer answer) => answer.Status is 408 or 429 or 500 or 502 or 503 or 504;

    private async Task<(VaultAnswer? Answer, TimeSpan? After, string? Failure)> TryAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var sent = request();
            using var response = await http.SendAsync(sent, both.Token);
            var after = response.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - time.GetUtcNow() : null;
            return (new VaultAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(both.Token)), after, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, null, $"it gave no answer within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s");
        }
        catch (HttpRequestException broken)
        {
            return (null, null, Words(broken.Message).TrimEnd('.'));
        }
        catch (IOException broken)
        {
            return (null, null, Words(broken.Message).TrimEnd('.'));
        }
    }
}
