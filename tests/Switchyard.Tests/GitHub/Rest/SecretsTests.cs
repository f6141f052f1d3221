using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

public sealed partial class SecretsTests
{
    private readonly FakeTime time = new();
    private readonly KeyPair first = KeyPair.Create();
    private readonly KeyPair second = KeyPair.Create();

    [Fact]
    public void A_sealed_value_opens_with_the_private_key_alone()
    {
        var value = "päss"u8.ToArray();

        var one = SealedBox.Seal(first.Public, value);
        var two = SealedBox.Seal(first.Public, value);

        Assert.Equal(value.Length + 48, one.Length);
        Assert.NotEqual(one, two);
        Assert.Equal(value, first.Open(one));
        Assert.Null(second.Open(one));
        Assert.Empty(first.Open(SealedBox.Seal(first.Public, []))!);
        Assert.Throws<ArgumentException>(() => SealedBox.Seal(new byte[31], value));
    }

    [Fact]
    public async Task A_secret_is_sealed_for_its_place_and_the_plain_bytes_are_wiped()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => asked.Method == "GET" ? Key("k1", first) : ScriptedGitHub.Json(asked.Path.Contains("orgs", StringComparison.Ordinal) ? 204 : 201, "{}") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var secrets = connection.Token().Secrets;
        var value = "s3cret"u8.ToArray();

        Assert.Equal(SecretWrite.Created, await secrets.SetAsync(SecretPlace.Repository("acme", "models"), "AZURE", value));
        Assert.Equal(SecretWrite.Created, await secrets.SetAsync(SecretPlace.Environment("acme", "models", "prod/eu"), "AZURE", "s3cret"u8.ToArray()));
        Assert.Equal(SecretWrite.Updated, await secrets.SetAsync(SecretPlace.Organization("acme"), "AZURE", "s3cret"u8.ToArray(), SecretVisibility.Selected([1, 2])));

        Assert.All(value, octet => Assert.Equal(0, octet));
        var puts = gitHub.Calls.Where(asked => asked.Method == "PUT").ToList();
        Assert.Equal(["/repos/acme/models/actions/secrets/AZURE", "/repos/acme/models/environments/prod%2Feu/secrets/AZURE", "/orgs/acme/actions/secrets/AZURE"], puts.Select(asked => asked.Path));
        Assert.All(puts, asked => Assert.Equal("s3cret", Encoding.UTF8.GetString(first.Open(Sealed(asked))!)));
        Assert.Equal("""{"key_id":"k1","visibility":"selected","selected_repository_ids":[1,2]}""", Without(puts[2].Body!, "encrypted_value"));
        Assert.All(gitHub.Requests, asked => Assert.DoesNotContain("s3cret", asked.Body ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_GitHub_has_changed_is_fetched_anew_once()
    {
        var keys = 0;
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => asked.Method == "GET"
            ? ++keys == 1 ? Key("old", first) : Key("new", second)
            : asked.Body!.Contains("\"new\"", StringComparison.Ordinal) ? ScriptedGitHub.Json(204, "") : ScriptedGitHub.Json(422, """{"message":"The key_id is invalid"}""");
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        Assert.Equal(SecretWrite.Updated, await connection.Token().Secrets.SetAsync(SecretPlace.Repository("acme", "models"), "A", "v"u8.ToArray()));

        Assert.Equal("v"u8.ToArray(), second.Open(Sealed(gitHub.Calls.Last())));
        Assert.Equal(["GET", "PUT", "GET", "PUT"], gitHub.Calls.Select(asked => asked.Method));
    }

    [Fact]
    public async Task A_refusal_with_the_right_key_is_an_error()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = asked => asked.Method == "GET" ? Key("k", first) : ScriptedGitHub.Json(422, """{"message":"no"}""") };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var value = "v"u8.ToArray();

        await Assert.ThrowsAsync<GitHubException>(() => connection.Token().Secrets.SetAsync(SecretPlace.Repository("acme", "models"), "A", value));

        Assert.Equal(0, value[0]);
        Assert.Single(gitHub.Calls, asked => asked.Method == "PUT");
    }

    [Theory]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("1A")]
    [InlineData("A-B")]
    [InlineData("../x")]
    [InlineData("")]
    public async Task A_name_that_GitHub_refuses_is_not_sent(string name)
    {
        var gitHub = new ScriptedGitHub(time);
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        await Assert.ThrowsAsync<ArgumentException>(() => connection.Token().Secrets.SetAsync(SecretPlace.Repository("acme", "models"), name, "v"u8.ToArray()));
        Assert.Empty(gitHub.Requests);
    }

    [Fact]
    public async Task Secrets_are_listed_and_removed_and_a_refusal_names_the_permission_of_the_place()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => (asked.Method, asked.Path) switch
        {
            ("GET", "/repos/acme/models/actions/secrets?per_page=100") => ScriptedGitHub.Json(200, """{"total_count":1,"secrets":[{"name":"A","created_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:00:00Z"}]}"""),
            ("DELETE", "/repos/acme/models/actions/secrets/A") => ScriptedGitHub.Json(204, ""),
            _ => ScriptedGitHub.Json(403, """{"message":"Resource not accessible by personal access token"}"""),
        };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());
        var secrets = connection.Token().Secrets;

        Assert.Equal("A", (await secrets.ListAsync(SecretPlace.Repository("acme", "models")).ToListAsync()).Single().Name);
        await secrets.RemoveAsync(SecretPlace.Repository("acme", "models"), "A");
        var environment = await Assert.ThrowsAsync<GitHubException>(() => secrets.RemoveAsync(SecretPlace.Environment("acme", "models", "prod"), "A"));
        var organization = await Assert.ThrowsAsync<GitHubException>(() => secrets.SetAsync(SecretPlace.Organization("acme"), "A", "v"u8.ToArray(), SecretVisibility.All));

        Assert.Contains("The token lacks *Environments: write*", environment.Message, StringComparison.Ordinal);
        Assert.Contains("The token lacks *Organization secrets: write*", organization.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Key(string id, KeyPair pair) => ScriptedGitHub.Json(200, $$"""{"key_id":"{{id}}","key":"{{Convert.ToBase64String(pair.Public)}}"}""");

    private static byte[] Sealed(ScriptedGitHub.Asked asked) => Convert.FromBase64String(JsonNode.Parse(asked.Body!)!["encrypted_value"]!.ToString());

    private static string Without(string json, string name)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body.Remove(name);
        return body.ToJsonString();
    }

    /// <summary>The other side: what GitHub does with a sealed value.</summary>
    private sealed partial record KeyPair(byte[] Public, byte[] Private)
    {
        public static KeyPair Create()
        {
            var pair = new KeyPair(new byte[32], new byte[32]);
            Assert.True(sodium_init() >= 0);
            Assert.Equal(0, crypto_box_keypair(pair.Public, pair.Private));
            return pair;
        }

        public byte[]? Open(byte[] sealedValue)
        {
            var value = new byte[sealedValue.Length - 48];
            return crypto_box_seal_open(value, sealedValue, (ulong)sealedValue.Length, Public, Private) == 0 ? value : null;
        }

        [DllImport("libsodium.so.23")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int sodium_init();

        [DllImport("libsodium.so.23")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int crypto_box_keypair(byte[] publicKey, byte[] privateKey);

        [DllImport("libsodium.so.23")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int crypto_box_seal_open(byte[] value, byte[] sealedValue, ulong length, byte[] publicKey, byte[] privateKey);
    }
}
