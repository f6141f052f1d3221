using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Switchyard.Tests.Server.Vault.Fakes;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The process is ended while its secrets are moved into another vault.</summary>
public sealed class VaultKills
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_move_that_is_cut_off_loses_no_secret_and_leaves_none_that_nobody_names(string kind)
    {
        await using var vault = new FakeHashiCorpVault();
        await vault.StartAsync();
        await using var stage = await Stage.StartAsync(kind, new StageOptions
        {
            Environment = new Dictionary<string, string>
            {
                ["SWITCHYARD_Vault__HashiCorp__Address"] = vault.Address.ToString(),
                ["SWITCHYARD_Vault__HashiCorp__Token"] = FakeHashiCorpVault.RootToken,
            },
        });
        await stage.AddRepositoryAsync("models", files: new JsonObject { ["README.md"] = "# Models\n" });
        await stage.QuietAsync("acme/models");
        var rows = new FaultRows(kind);
        foreach (var point in KillPoints.Vaults)
        {
            // Not the first secret: one is moved, one is on its way, the others are where they were.
            stage.Faults.Arm(point, 2);
            await Assert.ThrowsAsync<HttpRequestException>(() => MoveAsync(stage, "hashicorp"));
            var fell = await stage.FallAsync(Limit);
            var named = (await stage.QueryAsync<string>("select reference from secrets union select reference from vault_leftovers")).ToHashSet(StringComparer.Ordinal);
            var lost = vault.Names.Count(name => !named.Contains("secret:" + name));

            await stage.StartServerAsync();
            await stage.GitHub.CommitAsync("acme/models", new JsonObject { ["README.md"] = $"# Models, {point}\n" });
            await stage.QuietAsync("acme/models");
            var left = (await MoveAsync(stage, "hashicorp"))["left"]!.ToString();
            await stage.GitHub.CommitAsync("acme/models", new JsonObject { ["README.md"] = $"# Models, after {point}\n" });
            await stage.QuietAsync("acme/models");
            rows.Add(
                $"kill -9 at {point} of a move",
                "ended there; 0 values that nobody names; run again, 0 left elsewhere; pushes are taken before and after",
                $"{(fell ? "ended there" : "NOT ended")}; {lost} values that nobody names; run again, {left} left elsewhere; pushes are taken before and after");
            Assert.Equal("0", (await MoveAsync(stage, "local"))["left"]!.ToString());
        }

        rows.Verify();
    }

    private static Task<JsonNode> MoveAsync(Stage stage, string to) => stage.Hub.PostAsync("/api/v1/vault/move", new JsonObject { ["to"] = to });
}
