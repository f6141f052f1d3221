using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>A page-wise read list: what was asked for, and how many there are in all.</summary>
internal sealed record Listing(IReadOnlyList<JsonNode> Items, long Total);

/// <summary>The REST API of a Switchyard server. Every refusal becomes a <see cref="CommandProblem"/> with the server's own words.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string DefaultServer = "http://127.0.0.1:8080";
    private const int LargestPage = 500;

    private readonly HttpClient http;

    private ApiClient(Uri address, string? token)
    {
        Address = address;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(2),
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("switchyard-cli/" + typeof(ApiClient).Assembly.GetName().Version!.ToString(3));
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    /// <summary>The server named by <c>--server</c>, then SWITCHYARD_URL, then the default; the token comes from SWITCHYARD_TOKEN alone.</summary>
    public static ApiClient Open(Terminal terminal, string? server)
    {
        var text = server ?? terminal.Environment("SWITCHYARD_URL") ?? DefaultServer;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw CommandProblem.Usage($"\"{text}\" is no address of a server. Write it as https://switchyard.example.org (--server or SWITCHYARD_URL).");
        }

        var token = terminal.Environment("SWITCHYARD_TOKEN");
        if (token is not null && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw CommandProblem.Usage($"The token would travel unencrypted to {address.Host}. Use https://, or plain http on loopback only.");
        }

        return new ApiClient(address, token);
    }

    /// <summary>A client for a server on this machine, with a token that is not in the environment.</summary>
    public static ApiClient Open(Uri address, string? token) => new(address, token);

    public Task<JsonNode?> GetAsync(string path, CancellationToken cancellation) => JsonAsync(HttpMethod.Get, path, null, cancellation);

    public Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken cancellation) => JsonAsync(HttpMethod.Post, path, body, cancellation);

    public Task<JsonNode?> PutAsync(string path, JsonNode? body, CancellationToken cancellation) => JsonAsync(HttpMethod.Put, path, body, cancellation);

    public Task<JsonNode?> DeleteAsync(string path, CancellationToken cancellation) => JsonAsync(HttpMethod.Delete, path, null, cancellation);

    /// <summary>Reads pages until there are <paramref name="limit"/> items or no more.</summary>
    public async Task<Listing> ListAsync(string path, IEnumerable<KeyValuePair<string, string?>> filters, int limit, CancellationToken cancellation)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        while (true)
        {
            var query = filters.Append(new("limit", Math.Min(limit - items.Count, LargestPage).ToString(System.Globalization.CultureInfo.InvariantCulture))).Append(new("cursor", cursor));
            var page = await GetAsync(path + Query(query), cancellation);
            var found = page?["items"] as JsonArray ?? [];
            items.AddRange(found.OfType<JsonNode>().Take(limit - items.Count));
            cursor = Members.At(page, "nextCursor");
            if (cursor is null || items.Count >= limit || found.Count == 0)
            {
                return new Listing(items, Members.Number(page, "total") ?? items.Count);
            }
        }
    }

    /// <summary>Sends anything; the caller reads and disposes the answer, which is a success.</summary>
    /// <exception cref="CommandProblem">The server refused, failed, or cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path.TrimStart('/'))) { Content = body };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("*/*;q=0.5");
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await ProblemReader.ReadAsync(response, cancellation);
            }
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandProblem(
                ExitCode.OtherSideFailed,
                "ServerUnreachable",
                $"Could not reach the Switchyard server at {Address.GetLeftPart(UriPartial.Authority)}: {error.GetBaseException().Message}.",
                new NextStep("Start one", Command: "switchyard serve"),
                new NextStep("Use another", Command: "export SWITCHYARD_URL=https://switchyard.example.org"));
        }
    }

    public static string Query(IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var pairs = parameters.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value!)}");
        var query = string.Join('&', pairs);
        return query.Length == 0 ? "" : "?" + query;
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonNode?> JsonAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await SendAsync(method, path, content, cancellation);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        try
        {
            var node = bytes.Length == 0 ? null : JsonNode.Parse(bytes);
            return node is null && response.Headers.Location is { } location ? new JsonObject { ["location"] = location.ToString() } : node;
        }
        catch (JsonException error)
        {
            throw new CommandProblem(
                ExitCode.OtherSideFailed, "NotJson", $"{Address.GetLeftPart(UriPartial.Authority)} answered {method} {path} with something that is not JSON (at line {error.LineNumber + 1}). Check that this is the address of a Switchyard server.");
        }
    }
}
