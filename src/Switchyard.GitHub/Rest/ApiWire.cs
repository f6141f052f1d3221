using System.Net;
using System.Net.Http.Headers;
using Switchyard.GitHub.Apps;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// Sends one request and reads its answer to the end. Redirects are not followed here: HttpClient drops Authorization
/// and turns a POST into a GET (dotnet/runtime#122609, #32870).
/// </summary>
internal sealed class ApiWire : IDisposable
{
    // GitHub serves contents up to 100 MB.
    private const long LargestAnswer = 128L * 1024 * 1024;
    private const string ApiVersion = "2022-11-28";

    private readonly HttpMessageInvoker invoker;
    private readonly GitHubConnectionOptions options;
    private readonly ServerClock clock;

    public ApiWire(GitHubConnectionOptions options, ServerClock clock)
    {
        this.options = options;
        this.clock = clock;
        invoker = new HttpMessageInvoker(options.Handler ?? NewHandler(), disposeHandler: options.Handler is null);
    }

    /// <exception cref="GitHubException">Network or Timeout.</exception>
    public async Task<ApiResponse> SendAsync(ApiRequest request, Uri url, string? authorization, string? etag, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var message = new HttpRequestMessage(request.Method, url);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        message.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", ApiVersion);
        if (authorization is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (etag is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }
        else if (request.IsWrite)
        {
            message.Content = new ByteArrayContent([]);
        }

        try
        {
            using var response = await invoker.SendAsync(message, linked.Token);
            clock.Learn(response);
            return new ApiResponse((int)response.StatusCode, HeadersOf(response), await ReadAsync(request, response, linked.Token), url);
        }
        catch (Exception error) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested && error is OperationCanceledException or IOException or HttpRequestException)
        {
            throw ApiErrors.TooLate(request, options.RequestTimeout, error);
        }
        catch (OperationCanceledException error) when (error.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
        {
            // The handler's own limit for opening a connection.
            throw ApiErrors.NoAnswer(request, error, sent: false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw ApiErrors.NoAnswer(request, error, sent: !IsUnreached(error));
        }
    }

    public void Dispose() => invoker.Dispose();

    /// <summary>Whether the connection never stood, so that nothing was sent.</summary>
    private static bool IsUnreached(Exception error) => error is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        // A new address in the DNS is seen within minutes.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            headers[name] = values.ToString();
        }

        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            headers[name] = values.ToString();
        }

        return headers;
    }

    private static async Task<byte[]> ReadAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > LargestAnswer)
        {
            throw ApiErrors.Odd(request, $"the answer has {response.Content.Headers.ContentLength} bytes, more than GitHub ever sends");
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream((int)(response.Content.Headers.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            body.Write(buffer, 0, count);
            if (body.Length > LargestAnswer)
            {
                throw ApiErrors.Odd(request, "the answer does not end");
            }
        }

        return body.ToArray();
    }
}
