using Microsoft.AspNetCore.Builder;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Cli.Simulation;
using Switchyard.Server;
using Switchyard.Server.Access;
using Switchyard.Simulator;

namespace Switchyard.Cli.Demo;

/// <summary>The simulated GitHub and the real server, both in this process and on loopback, with the folders they need.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private readonly string temporary;
    private WebApplication? server;

    private DemoWorld(string temporary) => this.temporary = temporary;

    public SimulatorHost GitHub { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>An administrator's token for the server.</summary>
    public string Token { get; private set; } = "";

    public ApiClient Api { get; private set; } = null!;

    public static async Task<DemoWorld> StartAsync(DemoPlan plan, NextStep elsewhere, TimeProvider time, CancellationToken cancellation)
    {
        var world = new DemoWorld(plan.Temporary);
        try
        {
            world.GitHub = await LocalSimulator.StartAsync(
                new SimulatorOptions { Port = plan.SimulatorPort, Repositories = plan.Repositories, Time = time, OpenApiSample = 0, PrimaryLimit = 1_000_000 },
                elsewhere,
                cancellation);
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Urls"] = FormattableString.Invariant($"http://127.0.0.1:{plan.Port}"),
                ["Storage:DataFolder"] = plan.DataFolder,
                // Whatever the server of this machine is set to: the demo begins anew, and leaves nothing.
                ["Storage:PostgreSql"] = null,
                ["Vault:Kind"] = "local",
                ["Providers:PublicUrl"] = null,
                // It may run beside another server on this machine.
                ["Access:SessionCookie"] = "switchyard_demo_session",
                // What a person sees is said by the demo; the ping that comes before GitHub's code is refused, as it has to be.
                ["Logging:LogLevel:Default"] = "Error",
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
            };
            world.server = SwitchyardHost.Build([], settings);
            world.Address = await LocalServer.StartAsync(world.server, elsewhere, cancellation);
            world.Token = (await LocalServer.CreateTokenAsync(world.server.Services, "demo", Role.Admin, 90, cancellation)).Token;
            world.Api = ApiClient.Open(world.Address, world.Token);
            return world;
        }
        catch (Exception failure)
        {
            await world.DisposeAsync();
            // Only what this server wrote, which held the folder while it began to listen.
            if (world.server is not null && failure is CommandProblem { Code: ListenFailure.Taken })
            {
                plan.ClearData();
            }

            throw;
        }
    }

    public Task UntilStoppedAsync(CancellationToken cancellation) => LocalServer.UntilStoppedAsync(server!, cancellation);

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (server is not null)
        {
            // One that did not start has nothing to stop, and says so by a failure of its own.
            if (Address is not null)
            {
                await server.StopAsync(CancellationToken.None);
            }

            await server.DisposeAsync();
        }

        if (GitHub is not null)
        {
            await GitHub.DisposeAsync();
        }

        try
        {
            Directory.Delete(temporary, recursive: true);
        }
        catch (IOException)
        {
            // A git that is just ending may still hold a file; the system clears its temporary folder.
        }
    }
}

/// <summary>What the demo runs with. <c>ShowsSwitch</c>: the samples are its own, so there is a rule to be shown. <c>Temporary</c> is deleted at the end; <c>DataFolder</c> lies in it unless it was named.</summary>
internal sealed record DemoPlan(IReadOnlyList<SimulatedRepository> Repositories, bool ShowsSwitch, string Temporary, string DataFolder, int Port, int SimulatorPort)
{
    /// <summary>A named folder must be new: the simulated GitHub starts empty, and old rows would speak of Apps it never had.</summary>
    public static string RequireEmpty(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            ? throw new CommandProblem(ExitCode.Conflict, "DataFolderInUse", $"{folder} is not empty, and each demo begins anew. Name another folder, or leave --data out.")
            : folder;

    /// <summary>Empty again, so that the same command works with another port.</summary>
    public void ClearData()
    {
        var folder = new DirectoryInfo(DataFolder);
        foreach (var entry in folder.Exists ? folder.GetFileSystemInfos() : [])
        {
            if (entry is DirectoryInfo inner)
            {
                inner.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
