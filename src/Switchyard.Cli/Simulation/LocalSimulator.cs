using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Simulator;

namespace Switchyard.Cli.Simulation;

/// <summary>The simulated GitHub inside this process.</summary>
internal static class LocalSimulator
{
    /// <param name="options">Port and repositories, as they were asked for.</param>
    /// <param name="elsewhere">What to do where it cannot listen.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="CommandProblem">The port is taken, or a source or the OpenAPI file is none.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, NextStep elsewhere, CancellationToken cancellation)
    {
        try
        {
            return await SimulatorHost.StartAsync(options, cancellation);
        }
        catch (Exception wrong) when (wrong is RepositorySourceException or OpenApiFileException)
        {
            throw CommandProblem.Usage(wrong.Message);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            throw ListenFailure.Explain(failure, FormattableString.Invariant($"Port {options.Port} of 127.0.0.1"), elsewhere);
        }
    }
}
