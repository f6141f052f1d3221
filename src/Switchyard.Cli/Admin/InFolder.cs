using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Admin;

/// <summary>What administrators do in the database of a server that does not run: who may write the folder needs no token.</summary>
internal static class InFolder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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

    /// <summary>Does it in the folder, or where a server has that, asks the server: who may write the folder is let in (<see cref="LocalAccess"/>).</summary>
    public static async Task<JsonNode> RunAsync(
        Invocation run, string? data, string command, Func<IServiceProvider, Task<JsonNode>> make, Func<ApiClient, Task<JsonNode>> ask, CancellationToken cancellation)
    {
        try
        {
            return await LocalServer.WithDatabaseAsync(LocalServer.Settings(run, data), make, cancellation);
        }
        catch (DataFolderInUseException inUse)
        {
            using var server = await LetInAsync(inUse.Folder, run.Terminal.Time, cancellation);
            return server is not null ? await ask(server) : throw new CommandProblem(
                ExitCode.Conflict,
                "DataFolderInUse",
                $"Another process has {inUse.Folder}, only it can write there, and it did not answer within {Patience.TotalSeconds:0} seconds. Ask that server with an administrator's token in SWITCHYARD_TOKEN, or stop it first.",
                new NextStep("Ask the server", Command: $"{command} --server http://127.0.0.1:8080"));
        }
    }

    private static async Task<ApiClient?> LetInAsync(string data, TimeProvider time, CancellationToken cancellation)
    {
        var folder = Path.Combine(data, LocalAccess.Folder);
        PrivateFolder.Create(folder);
        var question = Path.Combine(folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) + ".question");
        var answer = Path.ChangeExtension(question, "answer");
        await PrivateFolder.CreateFile(question).DisposeAsync();
        try
        {
            var began = time.GetTimestamp();
            while (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
                if (File.Exists(answer) && await File.ReadAllLinesAsync(answer, cancellation) is [var address, var token, ..])
                {
                    return ApiClient.Open(ListenAddress.Reachable(new Uri(address)), token);
                }
            }

            return null;
        }
        finally
        {
            File.Delete(question);
            File.Delete(answer);
        }
    }
}
