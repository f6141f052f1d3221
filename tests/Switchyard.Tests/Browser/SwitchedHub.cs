using Switchyard.Tests.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>A server on which a push to acme/the-app has started the workflow of acme/the-tests once, and it has run.</summary>
public sealed class SwitchedHub : IAsyncLifetime
{
    internal SwitchWorld World { get; private set; } = null!;

    /// <summary>The Dispatch.</summary>
    internal string Dispatch { get; private set; } = "";

    /// <summary>The Delivery that told of the push.</summary>
    internal string Delivery { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        World = await SwitchWorld.StartAsync("sqlite", QuietTests.Rule("report: check"));
        var sha = await World.PushAsync("acme/the-app", "src/app.cs", "2");
        await World.DispatchedAsync(1);
        var dispatches = await World.UntilAsync("/api/v1/dispatches", list => SwitchWorld.Items(list).Single().GetProperty("run") is { ValueKind: System.Text.Json.JsonValueKind.Object } run && SwitchWorld.Text(run, "conclusion") is not null);
        Dispatch = SwitchWorld.Text(SwitchWorld.Items(dispatches).Single(), "id")!;
        var signal = SwitchWorld.Items(await World.GetAsync($"/api/v1/signals?kind=push&sha={sha}")).Single();
        Delivery = SwitchWorld.Text(signal, "deliveryId")!;
    }

    public async ValueTask DisposeAsync() => await World.DisposeAsync();
}
