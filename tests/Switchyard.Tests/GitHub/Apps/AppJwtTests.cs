using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Switchyard.GitHub;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Apps;

public sealed class AppJwtTests
{
    private const string AppJson = """{"id":7,"slug":"switchyard","name":"Switchyard","owner":{"id":1,"login":"acme"},"permissions":{"contents":"read"},"events":["push"]}""";

    private readonly FakeTime time = new();

    [Fact]
    public async Task The_proof_is_RS256_from_a_minute_ago_to_nine_minutes_ahead()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, AppJson) };
        using var connection = gitHub.Connect();

        var app = await connection.App.GetAppAsync();

        Assert.Equal(("switchyard", "acme", "read"), (app.Slug, app.Owner!.Login, app.Permissions["contents"]));
        var asked = Assert.Single(gitHub.Requests);
        Assert.Equal(("application/vnd.github+json", "2022-11-28", "Switchyard/0.1"), (asked.Header("Accept"), asked.Header("X-GitHub-Api-Version"), asked.Header("User-Agent")));
        var parts = asked.Bearer!.Split('.');
        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal((now - 60, now + 540, "Iv23client"), Claims(asked.Bearer));
        Assert.True(TestKeys.FirstKey.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public async Task A_wrong_clock_is_learned_from_the_Date_of_the_refusal(int seconds)
    {
        var gitHub = new ScriptedGitHub(time) { Skew = TimeSpan.FromSeconds(seconds) };
        gitHub.Answer = asked => Math.Abs(Claims(asked.Bearer!).Iat + 60 - gitHub.ServerNow.ToUnixTimeSeconds()) < 30
            ? ScriptedGitHub.Json(200, AppJson)
            : ScriptedGitHub.Json(401, """{"message":"'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"}""");
        using var connection = gitHub.Connect();

        Assert.Equal(7, (await connection.App.GetAppAsync()).Id);
        await connection.App.GetAppAsync();

        Assert.Equal(3, gitHub.Requests.Count);
        Assert.Equal(seconds, connection.ClockSkew.TotalSeconds, tolerance: 1);
        Assert.Contains(gitHub.Notices, notice => notice.Kind == GitHubNoticeKind.ClockSkew);
    }

    [Fact]
    public async Task The_second_key_is_tried_when_the_first_is_refused_and_then_comes_first()
    {
        var gitHub = new ScriptedGitHub(time);
        gitHub.Answer = asked => SignedBy(TestKeys.SecondKey, asked.Bearer!)
            ? ScriptedGitHub.Json(200, AppJson)
            : ScriptedGitHub.Json(401, """{"message":"A JSON web token could not be decoded"}""");
        using var connection = gitHub.Connect(next: TestKeys.Second);

        await connection.App.GetAppAsync();
        Assert.Equal(3, gitHub.Requests.Count);
        await connection.App.GetAppAsync();

        Assert.Equal(4, gitHub.Requests.Count);
        Assert.Single(gitHub.Notices, notice => notice.Kind == GitHubNoticeKind.KeySwitched);
    }

    [Fact]
    public async Task A_key_that_nobody_takes_ends_in_one_clear_error()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(401, """{"message":"A JSON web token could not be decoded"}""") };
        using var connection = gitHub.Connect(next: TestKeys.Second);

        var error = await Assert.ThrowsAsync<GitHubException>(() => connection.App.GetAppAsync());

        Assert.Equal(GitHubErrorKind.Unauthorized, error.Kind);
        Assert.Equal("Could not read the App on github.com: GitHub answered 401 \"A JSON web token could not be decoded\". Check the key or token: it was revoked, has expired, or belongs to another App or host.", error.Message);
        Assert.Equal(4, gitHub.Requests.Count);
    }

    [Fact]
    public async Task A_proof_serves_for_minutes_and_is_made_anew_before_its_end()
    {
        var gitHub = new ScriptedGitHub(time) { Answer = _ => ScriptedGitHub.Json(200, AppJson) };
        using var connection = gitHub.Connect();

        for (var minute = 0; minute < 16; minute++)
        {
            await connection.App.GetAppAsync();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, gitHub.Requests.Select(asked => asked.Bearer).Distinct().Count());
    }

    private static (long Iat, long Exp, string Iss) Claims(string jwt)
    {
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]));
        return (json.RootElement.GetProperty("iat").GetInt64(), json.RootElement.GetProperty("exp").GetInt64(), json.RootElement.GetProperty("iss").GetString()!);
    }

    private static bool SignedBy(RSA key, string jwt)
    {
        var parts = jwt.Split('.');
        return key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
