using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Secrets;

/// <summary>After real work nothing that must stay secret is on disk, in the database, in the log, in an answer or among the arguments of a process, in whatever form.</summary>
public sealed class SecretTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task No_key_no_webhook_secret_and_no_token_is_found_anywhere(string kind)
    {
        await using var arguments = new ArgumentWatch();
        await using var stage = await Stage.StartAsync(kind);
        var repository = $"{Stage.Account}/models";
        await stage.GitHub.FaultAsync("tokens.format", new JsonObject { ["format"] = "mixed" });
        await stage.GitHub.AddAsync(repository, SharedFolder.Require("fixtures", "models", "books.bundle"));
        await stage.QuietAsync(repository);

        // What goes wrong is logged: a refused delivery, a failing git, a failing API, a token that is not taken.
        await new Poster(stage.Server).PostAsync("{}"u8.ToArray(), "push", "wrong", Poster.Sign("{}"u8.ToArray(), "another"));
        await stage.GitHub.FaultAsync("api.error", new JsonObject { ["status"] = 500, ["route"] = "git /acme/models", ["times"] = 2 });
        await stage.GitHub.FaultAsync("tokens.lag", new JsonObject { ["uses"] = 1 });
        await stage.GitHub.CommitAsync(repository, new JsonObject { ["one.hck.json"] = Faults.SyncWorld.SmallModel("one") });
        await stage.QuietAsync(repository);
        await stage.Hub.PostAsync("/api/v1/deliveries/recover");

        var secrets = (Secret[])
        [
            new("webhook secret", Stage.WebhookSecret),
            new("API token", stage.Token),
            .. SecretSearch.KeyLines(stage.PrivateKey),
            .. SecretSearch.TokensOf(stage.GitHub),
        ];
        Assert.True(SecretSearch.TokensOf(stage.GitHub).Count > 2, "tokens were used");
        var found = SecretSearch.InFolder(stage.DataFolder, secrets)
            .Concat(SecretSearch.InText("the log", stage.Errors, secrets))
            .Concat(SecretSearch.InText("the database", await stage.Database.DumpAsync(), secrets))
            .Concat(arguments.Seen.SelectMany(line => SecretSearch.InText("the arguments of a process", line, secrets)));
        Assert.Empty(found);
        Assert.True(!OperatingSystem.IsLinux() || arguments.Seen.Any(line => line.StartsWith("git ", StringComparison.Ordinal)), "git was seen at work");

        var answers = 0;
        foreach (var (path, operations) in (await stage.Hub.GetAsync("/openapi/v1.json"))["paths"]!.AsObject().Where(pair => !pair.Key.Contains('{', StringComparison.Ordinal)))
        {
            if (operations!["get"] is not null)
            {
                using var answer = await stage.Server.Http.GetAsync(new Uri(path, UriKind.Relative));
                Assert.Empty(SecretSearch.InText("the answer of " + path, await answer.Content.ReadAsStringAsync(), secrets));
                answers++;
            }
        }

        Assert.True(answers > 10, "the API was looked at");
    }

    [Fact]
    public void The_search_itself_finds_a_secret_in_every_form()
    {
        var secret = new Secret("s", "It's a Secret, to everybody/else+1");
        foreach (var (form, bytes) in secret.Forms())
        {
            Assert.NotEmpty(SecretSearch.InText("here", "before " + System.Text.Encoding.UTF8.GetString(bytes) + " after", [secret]));
            Assert.True(bytes.Length > 8, form);
        }
    }
}
