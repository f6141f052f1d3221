using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed partial class ProviderAddTests
{
    private const string Secret = "a-very-secret-value-of-the-tests";
    private const string Provider = """{"id":"1","slug":"acme","name":"Acme","kind":"App","health":"Healthy","installUrl":"https://github.com/apps/acme/installations/new"}""";

    [Fact]
    public async Task By_hand_secrets_come_from_a_file_and_standard_input()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers", Provider, 201);
        using var scratch = new Scratch();
        var key = scratch.Write("key.pem", "the key\n");

        var outcome = await CommandRun.Against(server, input: Secret + "\n").RunAsync("provider", "add", "--app-id", "12", "--private-key", key, "--webhook-secret-file", "-", "--web-url", "https://ghe.acme.test");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        var sent = JsonNode.Parse(Assert.Single(server.Requests).Body)!;
        Assert.Equal((12, "the key", Secret), (sent["appId"]!.GetValue<int>(), sent["privateKey"]!.ToString(), sent["webhookSecret"]!.ToString()));
        Assert.DoesNotContain(Secret, outcome.Out + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_given_as_an_argument_is_refused_and_not_repeated()
    {
        var token = "ghp_" + new string('a', 36);

        var outcome = await new CommandRun().RunAsync("provider", "add", "--token-file", token);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.DoesNotContain(token, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--web-url", "http://ghe.acme.test")]
    [InlineData("--api-url", "http://10.0.0.7/api/v3")]
    [InlineData("--web-url", "https://user:pass@ghe.acme.test")]
    public async Task Plain_http_is_for_loopback_only(string option, string url)
    {
        var outcome = await new CommandRun().RunAsync("provider", "add", "--name", "x", option, url);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("https://", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_browser_the_code_is_taken_with_its_state_only()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/providers/manifest/conversions", Provider, 201);
        var browsing = new TaskCompletionSource<(int Wrong, int Right)>();
        server.On("POST /api/v1/providers/manifest", request =>
        {
            var callback = JsonNode.Parse(request.Body)!["redirectUrl"]!.ToString();
            _ = BrowseAsync(callback, browsing);
            return new FakeAnswer("""{"postUrl":"https://github.com/settings/apps/new?state=s1","manifest":"{\"name\":\"a \\\"b\\\"\"}","state":"s1"}""");
        });

        var outcome = await CommandRun.Against(server).RunAsync("provider", "add", "--name", "Acme", "--no-browser", "--json");

        Assert.Equal((400, 200), await browsing.Task);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal("acme", outcome.OutJson["slug"]!.ToString());
        Assert.Contains(server.Requests, request => request.Body == """{"code":"c0de","state":"s1"}""");
        Assert.Matches(Loopback(), outcome.Error);
    }

    /// <summary>Reads the form as a browser does, answers with a wrong state first, then with the right one.</summary>
    private static async Task BrowseAsync(string callback, TaskCompletionSource<(int Wrong, int Right)> done)
    {
        try
        {
            using var http = new HttpClient();
            string page;
            do
            {
                page = await http.GetStringAsync(new Uri(new Uri(callback), "/"));
            }
            while (!page.Contains("<form", StringComparison.Ordinal));

            Assert.Contains("&quot;", page, StringComparison.Ordinal);
            using var wrong = await http.GetAsync(new Uri(callback + "?code=evil&state=other"));
            using var right = await http.GetAsync(new Uri(callback + "?code=c0de&state=s1"));
            done.SetResult(((int)wrong.StatusCode, (int)right.StatusCode));
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/", RegexOptions.None, 1000)]
    private static partial Regex Loopback();
}
