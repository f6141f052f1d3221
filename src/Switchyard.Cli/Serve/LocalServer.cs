using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Switchyard.Cli.Output;
using Switchyard.Server;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Serve;

/// <summary>The server inside this process, or only its database.</summary>
internal static class LocalServer
{
    public static Option<string?> DataOption() => new("--data") { Description = "The data folder (SWITCHYARD_DATA); default ./data", HelpName = "DIR" };

    /// <summary>The settings that the command line stands for; what is not said comes from file and environment.</summary>
    public static Dictionary<string, string?> Settings(Invocation run, string? data)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            // A start that fails is told in one line, by the command.
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        };
        if (data is not null)
        {
            settings["Storage:DataFolder"] = run.PathOf(data);
        }

        return settings;
    }

    /// <summary>Starts it and says where it listens.</summary>
    /// <param name="server">Built, and not started yet.</param>
    /// <param name="elsewhere">What to do where it cannot listen.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<Uri> StartAsync(WebApplication server, NextStep elsewhere, CancellationToken cancellation)
    {
        Check(server);
        var storage = StorageOf(server);
        StorageFailure.RequireWritable(storage);
        try
        {
            await server.StartAsync(cancellation);
        }
        catch (Exception failure)
        {
            await StopQuietlyAsync(server);
            throw ListenFailure.Explain(StorageFailure.Explain(failure, storage), Urls(server) ?? "The address", elsewhere);
        }

        return new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Builds the server of this process.</summary>
    public static WebApplication Build(string[] arguments, IReadOnlyDictionary<string, string?> settings)
    {
        try
        {
            return SwitchyardHost.Build(arguments, settings);
        }
        catch (InvalidDataException broken)
        {
            // The framework's text speaks of its own classes; only the place is worth telling.
            var place = broken.GetBaseException() is JsonException json ? $" at line {json.LineNumber + 1}, position {json.BytePositionInLine + 1}" : "";
            throw Misconfigured($"appsettings.json in the data folder is no valid JSON{place}.");
        }
    }

    private static CommandProblem Misconfigured(string why) => new(ExitCode.Usage, "Configuration", "The configuration is wrong, so nothing was started. " + why);

    /// <summary>Refuses a wrong configuration before anything is made, and tells all that is wrong at once.</summary>
    private static void Check(WebApplication server)
    {
        var wrong = ListenAddress.WrongIn(Urls(server)).ToList();
        try
        {
            server.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception failure) when (failure is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            // A value that is no number ends the validation before the names are looked at, so they are looked at here.
            var found = (failure is AggregateException several ? several.InnerExceptions : [failure]).OfType<OptionsValidationException>().SelectMany(each => each.Failures);
            var all = SettingNames.Check(server.Configuration).Concat(found).Distinct(StringComparer.Ordinal).ToList();
            wrong.AddRange(all.Count > 0 ? all : [failure.Message]);
        }

        if (wrong.Count > 0)
        {
            throw Misconfigured(string.Join(" ", wrong));
        }
    }

    private static StorageOptions StorageOf(WebApplication server) => server.Services.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static string? Urls(WebApplication server) => server.Configuration["Urls"];

    /// <summary>Ends in order what had started already.</summary>
    private static async Task StopQuietlyAsync(WebApplication server)
    {
        try
        {
            await server.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Why it did not start is what is told; that it cannot stop either has the same reason.
        }
    }

    /// <summary>Runs until it is told to stop, and stops in order.</summary>
    /// <exception cref="CommandProblem">It stopped by itself: a part of it that must run has failed.</exception>
    public static async Task UntilStoppedAsync(WebApplication server, CancellationToken cancellation)
    {
        // The host hears signals too, maybe before we do.
        var grace = TimeSpan.FromSeconds(1);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.UnsafeRegister(_ => told.TrySetResult(), null);
        await Task.WhenAny(told.Task, server.WaitForShutdownAsync(CancellationToken.None));
        await server.StopAsync(CancellationToken.None);
        if (await Task.WhenAny(told.Task, Task.Delay(grace, TimeProvider.System, CancellationToken.None)) != told.Task)
        {
            throw new CommandProblem(ExitCode.Failure, "ServerStopped", "The server stopped by itself. Its log says why; start it again when that is settled.");
        }
    }

    /// <summary>Waits for the signal to stop, and no longer.</summary>
    public static async Task UntilToldAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: the way out.
        }
    }

    /// <summary>Opens the database without starting the server, brings its schema up to date, and does the work.</summary>
    public static async Task<T> WithDatabaseAsync<T>(IReadOnlyDictionary<string, string?> settings, Func<IServiceProvider, Task<T>> work, CancellationToken cancellation)
    {
        await using var server = Build(["--Logging:LogLevel:Default=Warning"], settings);
        var storage = StorageOf(server);
        StorageFailure.RequireWritable(storage);
        try
        {
            await server.Services.GetRequiredService<Database>().OpenAsync(cancellation);
            await server.Services.GetRequiredService<Migrations>().ApplyAsync(cancellation);
            return await work(server.Services);
        }
        catch (Exception failure) when (StorageFailure.Explain(failure, storage) != failure)
        {
            throw StorageFailure.Explain(failure, storage);
        }
    }

    public static Task<(string Token, TokenFacts Facts)> CreateTokenAsync(IServiceProvider services, string name, Role role, int days, CancellationToken cancellation) =>
        services.GetRequiredService<TokenStore>().CreateAsync(name, role, TimeSpan.FromDays(days), cancellation);
}
