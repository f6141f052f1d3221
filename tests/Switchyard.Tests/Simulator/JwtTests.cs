using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class JwtTests
{
    [Fact]
    public async Task Client_id_and_app_id_are_both_issuers()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        Assert.Equal(200, (await github.SendAsync("GET", "/app", github.Jwt())).Status);
        Assert.Equal(200, (await github.SendAsync("GET", "/app", github.Jwt(issuer: github.AppId.ToString()))).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/app", github.Jwt(issuer: "Iv23linobody"))).Status);
    }

    [Theory]
    [InlineData(-60, 600, null)]
    [InlineData(0, 600, null)]
    [InlineData(-60, 601, "too far in the future")]
    [InlineData(-60, 0, "('exp') must be a numeric value")]
    [InlineData(1, 300, "('iat') must be an Integer")]
    public async Task Times_are_checked_by_githubs_clock(int issued, int expires, string? refusal)
    {
        await using var github = await SimulatedGitHub.StartAsync();

        var reply = await github.SendAsync("GET", "/app", github.Jwt(issued, expires));

        Assert.Equal(refusal is null ? 200 : 401, reply.Status);
        Assert.True(refusal is null || reply.Message.Contains(refusal, StringComparison.Ordinal), reply.Text);
    }

    [Fact]
    public async Task A_signature_of_another_key_or_algorithm_cannot_be_decoded()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var good = github.Jwt();

        Assert.Equal("A JSON web token could not be decoded", (await github.SendAsync("GET", "/app", good[..^8] + "AAAAAAAA")).Message);
        Assert.Equal(401, (await github.SendAsync("GET", "/app", github.Jwt(algorithm: "none"))).Status);
        Assert.Equal(401, (await github.SendAsync("GET", "/app", null)).Status);
        Assert.Equal(401, (await github.SendAsync("GET", "/app", await github.TokenAsync())).Status);
        Assert.Equal(401, (await github.SendAsync("GET", "/repos/acme/models", good)).Status);
    }

    [Fact]
    public async Task A_second_key_is_valid_beside_the_first()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var first = github.Jwt();
        github.UseKey((await github.ControlAsync("POST", $"/apps/{github.AppId}/keys"))["pem"]!.ToString());

        Assert.Equal(200, (await github.SendAsync("GET", "/app", first)).Status);
        Assert.Equal(200, (await github.AppAsync("GET", "/app")).Status);

        await github.FaultAsync("jwt.rejectKey", new JsonObject { ["n"] = 1 });
        Assert.Equal(401, (await github.SendAsync("GET", "/app", first)).Status);
        Assert.Equal(200, (await github.AppAsync("GET", "/app")).Status);

        await github.ControlAsync("DELETE", $"/apps/{github.AppId}/keys/1");
        await github.ClearAsync("jwt.rejectKey");
        Assert.Equal(401, (await github.SendAsync("GET", "/app", first)).Status);
    }

    [Fact]
    public async Task Skew_only_numbers_and_expiry_during_a_walk_are_switches()
    {
        await using var github = await SimulatedGitHub.StartAsync();

        await github.FaultAsync("jwt.clockSkew", new JsonObject { ["seconds"] = -120 });
        var skewed = await github.SendAsync("GET", "/app", github.Jwt(expires: 300));
        Assert.Contains("('iat')", skewed.Message, StringComparison.Ordinal);
        Assert.Equal(github.Clock.GetUtcNow().AddSeconds(-120).ToString("R"), skewed.Header("Date"));
        await github.ClearAsync("jwt.clockSkew");

        await github.FaultAsync("jwt.rejectClientId");
        Assert.Contains("('iss')", (await github.AppAsync("GET", "/app")).Message, StringComparison.Ordinal);
        Assert.Equal(200, (await github.SendAsync("GET", "/app", github.Jwt(issuer: github.AppId.ToString()))).Status);
        await github.ClearAsync("jwt.rejectClientId");

        await github.FaultAsync("jwt.expireMidWalk", new JsonObject { ["pages"] = 2 });
        var jwt = github.Jwt();
        int[] seen = [await Walk(), await Walk(), await Walk()];
        Assert.Equal([200, 200, 401], seen);
        github.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await github.AppAsync("GET", "/app/hook/deliveries")).Status);

        async Task<int> Walk() => (await github.SendAsync("GET", "/app/hook/deliveries", jwt)).Status;
    }
}
