using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchyard.Simulator.OpenApi;

namespace Switchyard.Simulator;

/// <summary>
/// A GitHub on loopback: REST below <c>/api/v3</c> as on GitHub Enterprise Server, pages and git at the root,
/// and <c>/_simulator</c> to drive it from outside.
/// </summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly bool deleteData;

    private SimulatorHost(WebApplication application, World world, Uri url, bool deleteData)
    {
        this.application = application;
        this.deleteData = deleteData;
        World = world;
        Url = url;
        ApiUrl = new Uri(url, "/api/v3");
    }

    /// <summary>Web pages and git remotes.</summary>
    public Uri Url { get; }

    /// <summary>The REST API: <see cref="Url"/> + <c>api/v3</c>.</summary>
    public Uri ApiUrl { get; }

    /// <summary>What in requests and answers differed from GitHub's OpenAPI description, so far.</summary>
    public IReadOnlyList<Violation> Violations => World.OpenApi.Violations;

    /// <summary>Operations that were called and are not in the description, as <c>GET /path</c>.</summary>
    public IReadOnlyList<string> UnknownOperations => World.OpenApi.UnknownOperations;

    /// <summary>Why nothing is checked against the description, or null when it is.</summary>
    public string? OpenApiSkipped => World.OpenApi.Skipped;

    internal World World { get; }

    /// <summary>Starts a simulator on loopback and loads its repositories.</summary>
    /// <exception cref="IOException">The port is taken, or a repository could not be loaded.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        var temporary = options.DataFolder is null;
        var folder = options.DataFolder ?? Directory.CreateTempSubdirectory("switchyard-simulator-").FullName;
        Directory.CreateDirectory(folder);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Pushes of whole repositories and 26 MB payloads pass here; git decides what is too large.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        // The default lifetime would take Ctrl+C away from the process that hosts us.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var server = builder.Build();
        // The addresses in all objects need the port, which is known only once it listens: what comes before all is loaded waits.
        var loaded = new TaskCompletionSource<World>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Run(async context => await (await loaded.Task.WaitAsync(context.RequestAborted)).Front.HandleAsync(context));
        try
        {
            await server.StartAsync(cancellationToken);
            var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var url = new Uri(address);
            var world = new World(options, folder, url);
            await world.LoadAsync(cancellationToken);
            loaded.SetResult(world);
            return new SimulatorHost(server, world, url, temporary);
        }
        catch
        {
            loaded.TrySetCanceled(CancellationToken.None);
            await server.DisposeAsync();
            Delete(temporary, folder);
            throw;
        }
    }

    /// <summary>Sets a fault switch, as <c>PUT /_simulator/faults/{name}</c> does.</summary>
    /// <exception cref="ArgumentException">No switch has this name, or its arguments are wrong.</exception>
    public Task SetFaultAsync(string name, JsonObject? arguments = null, CancellationToken cancellationToken = default) =>
        World.Faults.SetAsync(name, arguments ?? [], cancellationToken);

    /// <summary>Clears a fault switch; one that is off stays off.</summary>
    public Task ClearFaultAsync(string name, CancellationToken cancellationToken = default) =>
        World.Faults.ClearAsync(name, cancellationToken);

    /// <summary>Stops it; a temporary data folder is deleted.</summary>
    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await application.DisposeAsync();
        Delete(deleteData, World.Folder);
    }

    private static void Delete(bool temporary, string folder)
    {
        try
        {
            if (temporary)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (IOException)
        {
            // A git process that is just ending may still write a file; the temporary folder is cleaned by the system.
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
