using System.Text;
using Switchyard.Server.Vault;
using Xunit;

namespace Switchyard.Tests.Server.Vault;

/// <summary>What every vault does, on both databases.</summary>
public abstract class VaultSuite(string kind)
{
    private const string Secret = "It's a secret, to everybody/else+1";

    public static TheoryData<string> Databases => ServerFixture.Databases;

    private protected string Kind => kind;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_secret_is_read_back_under_its_own_name_alone_and_no_row_tells_it(string database)
    {
        await using var world = await VaultWorld.StartAsync(kind, database);
        await world.SetAsync("provider:1", "token", Secret);

        Assert.Equal(Secret, await world.ReadAsync("provider:1", "token"));
        Assert.Null(await world.ReadAsync("provider:2", "token"));
        Assert.Null(await world.ReadAsync("provider:1", "other"));

        var facts = Assert.Single(await world.Vault.ListAsync("provider:1", CancellationToken.None));
        Assert.Equal(("token", kind, "ann"), (facts.Name, facts.Kind, facts.SetBy));
        var row = await world.Database.ReadAsync(session => session.FirstAsync<(string, string?, byte[]?, string)>("select reference, version, ciphertext, fingerprint from secrets"), CancellationToken.None);
        var text = $"{row.Item1} {row.Item2} {Encoding.Latin1.GetString(row.Item3 ?? [])} {row.Item4}";
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_replaced_removed_or_was_never_stored_is_gone_from_the_vault_a_little_later(string database)
    {
        await using var world = await VaultWorld.StartAsync(kind, database);
        await world.SetAsync("a", "kept", "kept");
        await world.SetAsync("a", "changed", "before");
        await world.SetAsync("a", "changed", "after");
        await world.SetAsync("a", "removed", "removed");
        await world.Database.WriteAsync(session => world.Vault.RemoveAsync(session, "a", "removed"), CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.SetAsync("a", "failed", "failed", fails: true));

        // Ended between the vault and the transaction.
        await world.Vault.SealAsync("killed", CancellationToken.None);

        Assert.Equal(("kept", "after", null, null), (await world.ReadAsync("a", "kept"), await world.ReadAsync("a", "changed"), await world.ReadAsync("a", "removed"), await world.ReadAsync("a", "failed")));
        await world.TendAsync(TimeSpan.FromMinutes(6));
        await world.TendAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(("kept", "after"), (await world.ReadAsync("a", "kept"), await world.ReadAsync("a", "changed")));
        Assert.Equal(0, await world.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from vault_leftovers"), CancellationToken.None));
        if (world.Fake(kind) is { } fake)
        {
            Assert.Equal([Base64("after"), Base64("kept")], fake.Values.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Set_by_two_at_once_one_value_stays_and_the_other_is_removed(string database)
    {
        await using var world = await VaultWorld.StartAsync(kind, database);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.SetAsync("a", "b", $"value {i}")));

        var value = await world.ReadAsync("a", "b");
        await world.TendAsync(TimeSpan.FromMinutes(6));
        await world.TendAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(value, await world.ReadAsync("a", "b"));
        Assert.Equal(world.Fake(kind) is null ? [] : [Base64(value!)], world.Fake(kind)?.Values ?? []);
    }

    [Fact]
    public async Task All_secrets_move_here_from_every_other_vault_and_nothing_is_left_there()
    {
        await using var world = await VaultWorld.StartAsync(VaultKind.Local);
        foreach (var from in VaultKind.All)
        {
            await world.RestartAsync(from);
            await world.SetAsync("of", from, "from " + from);
        }

        var plan = await world.Get<VaultMove>().PlanAsync(kind, CancellationToken.None);
        Assert.Equal(3, plan.Sum(part => part.Secrets));
        var report = await world.Get<VaultMove>().RunAsync(kind, CancellationToken.None);

        Assert.Equal((3, 0L), (report.Moved, report.Left));
        await world.TendAsync(TimeSpan.FromMinutes(6));
        foreach (var from in VaultKind.All)
        {
            Assert.Equal("from " + from, await world.ReadAsync("of", from));
            Assert.Equal(from == kind ? 4 : 0, world.Fake(from)?.Values.Count ?? (from == kind ? 4 : 0));
        }

        Assert.Equal((0, 0L), await world.Get<VaultMove>().RunAsync(kind, CancellationToken.None) is var again ? (again.Moved, again.Left) : default);
    }

    [Fact]
    public async Task It_says_where_it_is()
    {
        await using var world = await VaultWorld.StartAsync(kind);
        var said = await world.Store(kind).DescribeAsync(CancellationToken.None);
        Assert.Contains(world.Fake(kind)?.Address.ToString() ?? "database", said, StringComparison.Ordinal);
    }

    private protected static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
