using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Admin;

/// <summary>What administrators do in the database of a server that does not run: who may write the folder needs no token.</summary>
internal static class InFolder
{
    /// <summary>Refuses where neither a server nor a folder is named and there is none.</summary>
    public static void RequirePlace(Invocation run, string? data, string what, string command)
    {
        if (data is null && !run.NamesServer && run.Terminal.Environment("SWITCHYARD_DATA") is null && !Directory.Exists(run.PathOf("data")))
        {
            throw CommandProblem.Usage(
                $"Say where {what} is to be valid: a running server, or the data folder of one that is not running.",
                new NextStep("A server", Command: $"{command} --server http://127.0.0.1:8080"),
                new NextStep("A data folder", Command: $"{command} --data ./data"));
        }
    }

    /// <summary>Does it, or says how to ask the server that has the folder.</summary>
    public static async Task<JsonNode> RunAsync(Invocation run, string? data, string command, Func<IServiceProvider, Task<JsonNode>> make, CancellationToken cancellation)
    {
        try
        {
            return await LocalServer.WithDatabaseAsync(LocalServer.Settings(run, data), make, cancellation);
        }
        catch (DataFolderInUseException inUse)
        {
            // Where it listens is not known here; the folder tells only that somebody has it.
            var setup = Path.Combine(inUse.Folder, "setup-token");
            var address = run.NamesServer ? run.Server.Address.GetLeftPart(UriPartial.Authority) : "http://127.0.0.1:8080";
            var token = File.Exists(setup) ? $"SWITCHYARD_TOKEN=$(cat {setup}) " : "";
            throw new CommandProblem(
                ExitCode.Conflict,
                "DataFolderInUse",
                $"A server runs on {inUse.Folder}, and only it can write there. Ask that server, with {(token.Length > 0 ? "the setup token" : "an administrator's token in SWITCHYARD_TOKEN")}, or stop it first.",
                new NextStep("Ask the server", Command: $"{token}{command} --server {address}"));
        }
    }
}
