using Switchyard.Server.Vault;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

/// <summary>What every vault elsewhere does when it cannot be used.</summary>
public abstract class RemoteVaultSuite(string kind) : VaultSuite(kind)
{
    [Theory]
    [InlineData(403, "not allowed by policy")]
    [InlineData(400, "this is no good")]
    public async Task A_refusal_is_told_at_once_in_the_vaults_words_with_the_next_step(int status, string words)
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        await world.SetAsync("provider:1", "token", "value");
        var calls = world.Fake(Kind)!.Requests.Count;
        world.Fake(Kind)!.Refuse(status, words);

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("provider:1", "token"));

        Assert.Equal(calls + 1, world.Fake(Kind)!.Requests.Count);
        Assert.Contains($"answered {status} to the request to read the secret token of provider:1", refused.Message, StringComparison.Ordinal);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Matches(@"\. [A-Z][^.]+\.?", refused.Message);
    }

    [Fact]
    public async Task A_secret_that_was_removed_in_the_vault_is_told_as_such()
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        await world.SetAsync("provider:1", "token", "value");
        await world.Database.WriteAsync(session => session.ExecuteAsync("update secrets set reference = replace(reference, 'switchyard', 'elsewhere')"), CancellationToken.None);

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("provider:1", "token"));
        Assert.Contains("answered 404", refused.Message, StringComparison.Ordinal);
        Assert.Contains("removed in the vault", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task What_passes_is_tried_again_with_growing_pauses(int status)
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        await world.SetAsync("provider:1", "token", "value");
        world.Fake(Kind)!.Refuse(status, "busy", times: 3);
        var began = world.Time.GetUtcNow();

        Assert.Equal("value", await world.PassAsync(world.ReadAsync("provider:1", "token")));
        Assert.Equal(TimeSpan.FromSeconds(3.5), world.Time.GetUtcNow() - began);

        world.Fake(Kind)!.Refuse(status, "busy", times: 4);
        var refused = await Assert.ThrowsAsync<VaultException>(() => world.PassAsync(world.ReadAsync("provider:1", "token")));
        Assert.Contains($"answered {status}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_gives_no_answer_is_left_after_a_time()
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        await world.SetAsync("provider:1", "token", "value");
        world.Fake(Kind)!.Silent = true;

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.PassAsync(world.ReadAsync("provider:1", "token"), longest: TimeSpan.FromSeconds(10)));
        Assert.Contains("it gave no answer within 10 s", refused.Message, StringComparison.Ordinal);

        world.Fake(Kind)!.Silent = false;
        Assert.Equal("value", await world.ReadAsync("provider:1", "token"));
    }

    [Fact]
    public async Task An_answer_that_repeats_the_value_is_not_repeated_here()
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        var fake = world.Fake(Kind)!;
        await world.SetAsync("a", "first", "for the login");
        fake.Faults.Enqueue(request => fake.Refusal(400, "cannot store " + System.Text.Encoding.UTF8.GetString(request.Body).Replace("\\u002B", "+", StringComparison.Ordinal)));

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.SetAsync("a", "b", "the-value-itself?>~"));
        Assert.Contains("***", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64("the-value-itself?>~"), refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-value-itself", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_that_ends_in_the_middle_is_run_again_and_nothing_is_lost()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Local);
        for (var i = 0; i < 4; i++)
        {
            await world.SetAsync("of", $"secret {i}", $"value {i}");
        }

        // Asks whether it can be used; then each secret is written and read back: the third cannot be written.
        var fake = world.Fake(Kind)!;
        for (var calls = 0; calls < 5 + (Kind == VaultKind.HashiCorp ? 1 : 0); calls++)
        {
            fake.Faults.Enqueue(_ => null);
        }

        fake.Refuse(403, "not now");
        var broken = await world.Get<VaultMove>().RunAsync(Kind, CancellationToken.None);
        Assert.Equal((2, 2L, "secret 2"), (broken.Moved, broken.Left, Assert.Single(broken.Failed).Name));
        Assert.Equal("value 0, value 1, value 2, value 3", await ReadAllAsync(world));

        var done = await world.Get<VaultMove>().RunAsync(Kind, CancellationToken.None);
        Assert.Equal((2, 0L), (done.Moved, done.Left));
        await world.TendAsync(TimeSpan.FromMinutes(61));
        Assert.Equal("value 0, value 1, value 2, value 3", await ReadAllAsync(world));
        Assert.Equal(4, fake.Values.Count);
    }

    [Fact]
    public async Task A_vault_that_is_not_configured_any_more_is_named_with_what_to_set()
    {
        await using var world = await VaultWorld.StartAsync(Kind);
        await world.SetAsync("provider:1", "token", "value");
        await world.RestartAsync(VaultKind.Local, VaultKind.SettingOf(Kind));

        var refused = await Assert.ThrowsAsync<VaultException>(() => world.ReadAsync("provider:1", "token"));
        Assert.Contains(VaultKind.SettingOf(Kind), refused.Message, StringComparison.Ordinal);
        Assert.Contains("switchyard vault move --to local", refused.Message, StringComparison.Ordinal);

        // It is configured again, beside another one: nothing was lost.
        await world.RestartAsync(VaultKind.Local);
        Assert.Equal("value", await world.ReadAsync("provider:1", "token"));
    }

    private static async Task<string> ReadAllAsync(VaultWorld world) =>
        string.Join(", ", await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.ReadAsync("of", $"secret {i}"))));
}
