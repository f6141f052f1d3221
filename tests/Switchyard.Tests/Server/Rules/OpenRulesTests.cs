using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Switchyard.Rules;
using Switchyard.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Server.Rules;

/// <summary>What asks from memory whether a rule wants to know is told the truth from the start on, and as soon as a file is loaded.</summary>
public sealed class OpenRulesTests
{
    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_rules_ask_for_is_known_once_they_are_loaded_and_before_a_server_that_starts_does_anything(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind);
        var provider = await world.Server.Database.ReadAsync(session => session.ScalarAsync<long>("select id from providers"), CancellationToken.None);
        await world.RulesAsync(QuietTests.Rule("quiet: 1h"));
        await UntilWantedAsync(world.Server.Get<RuleBook>(), provider);

        // The services of a server that has not started yet, on what the other one left.
        using var book = new RuleBook(world.Server.Database);
        Assert.False(Wants(book, provider));
        Assert.Single(world.Server.App.Services.GetServices<IHostedService>().OfType<OpenRules>());
        using (var opening = NewOpenRules(book))
        {
            await opening.StartingAsync(CancellationToken.None);
        }

        Assert.True(Wants(book, provider));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_another_node_has_loaded_is_known_within_seconds(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind);
        var provider = await world.Server.Database.ReadAsync(session => session.ScalarAsync<long>("select id from providers"), CancellationToken.None);
        using var other = new RuleBook(world.Server.Database);
        using var opening = NewOpenRules(other);
        await opening.StartingAsync(CancellationToken.None);
        await opening.StartAsync(CancellationToken.None);
        Assert.False(Wants(other, provider));

        await world.RulesAsync(QuietTests.Rule("quiet: 1h"));

        await UntilWantedAsync(other, provider);
        await opening.StopAsync(CancellationToken.None);
    }

    private static OpenRules NewOpenRules(RuleBook book) => new(book, TimeProvider.System, NullLogger<OpenRules>.Instance);

    private static async Task UntilWantedAsync(RuleBook book, long provider)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Wants(book, provider))
        {
            Assert.False(limit.IsCancellationRequested);
            await Task.Yield();
        }
    }

    private static bool Wants(RuleBook book, long provider) => new RuleInterest(book).Wants(SignalKind.Push, provider, "acme/the-app");
}
