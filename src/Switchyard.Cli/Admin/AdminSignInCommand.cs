using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Server;
using Switchyard.Server.Access;

namespace Switchyard.Cli.Admin;

/// <summary>Prints a link that signs the local administrator in to the panel, once: from the server, or with <c>--data</c> for one that is started afterwards.</summary>
internal sealed class AdminSignInCommand : Command
{
    private const string Self = "switchyard admin sign-in";

    public AdminSignInCommand(Shell shell)
        : base("sign-in", "Print a link that signs the local administrator in to the panel; it works once, for half an hour")
    {
        var data = LocalServer.DataOption();
        Add(data);
        shell.Run(this, async (run, cancellation) =>
        {
            InFolder.RequirePlace(run, run.Get(data), "the link", Self);
            var asks = run.Get(data) is null && run.NamesServer;
            var address = asks ? run.Server.Address : null;
            async Task<JsonNode> AskAsync(ApiClient server)
            {
                address = server.Address;
                return (await server.PostAsync("api/v1/sign-in-links", new JsonObject(), cancellation))!;
            }

            var link = asks ? await AskAsync(run.Server) : await InFolder.RunAsync(run, run.Get(data), Self, services => MakeAsync(services, cancellation), AskAsync, cancellation);
            var url = new Uri(address ?? new Uri(SwitchyardHost.DefaultUrl), Members.At(link, "path")!).ToString();
            run.Printer.Result(new JsonObject { ["url"] = url, ["expiresAt"] = Members.At(link, "expiresAt") }, url);
            if (address is null)
            {
                run.Printer.Say("It is for the server that is started on this folder; put its own address before the path where that is another one.");
            }

            return ExitCode.Ok;
        });
    }

    private static async Task<JsonNode> MakeAsync(IServiceProvider services, CancellationToken cancellation) => new JsonObject
    {
        ["path"] = "/setup?token=" + await services.GetRequiredService<SessionStore>().MakeLinkAsync(cancellation),
        ["expiresAt"] = (services.GetRequiredService<TimeProvider>().GetUtcNow() + SessionStore.LinkLifetime).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    };
}
