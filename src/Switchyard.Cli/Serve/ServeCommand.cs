using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchyard.Cli.Output;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Serve;

internal sealed class ServeCommand : Command
{
    public ServeCommand(Shell shell)
        : base("serve", "Run the server")
    {
        var data = LocalServer.DataOption();
        var url = new Option<string?>("--url") { Description = "Where to listen; default http://127.0.0.1:8080", HelpName = "URL" };
        var publicUrl = new Option<string?>("--public-url") { Description = "How GitHub reaches this server; without it the server polls", HelpName = "URL" };
        var set = new Option<string[]>("--set") { Description = "Any setting, e.g. --set Webhooks:Lanes=32", HelpName = "KEY=VALUE" };
        Add(data);
        Add(url);
        Add(publicUrl);
        Add(set);
        shell.Run(this, async (run, cancellation) =>
        {
            var settings = LocalServer.Settings(run, run.Get(data));
            foreach (var pair in run.Get(set) ?? [])
            {
                var at = pair.IndexOf('=', StringComparison.Ordinal);
                settings[at > 0 ? pair[..at] : throw CommandProblem.Usage($"--set wants KEY=VALUE, not \"{pair}\".")] = pair[(at + 1)..];
            }

            Put(settings, "Demo:Program", Environment.ProcessPath);
            Put(settings, "Urls", run.Get(url));
            Put(settings, "Providers:PublicUrl", run.Get(publicUrl));
            await using var server = LocalServer.Build([], settings);
            var address = await LocalServer.StartAsync(server, new NextStep("Take another port", Command: CommandAgain.Of(run.Parse, (url, ListenAddress.Beside(server.Configuration["Urls"])))), cancellation);
            await GreetAsync(run, address, server.Services, cancellation);
            await LocalServer.UntilStoppedAsync(server, cancellation);
            return ExitCode.Ok;
        });
    }

    private static async Task GreetAsync(Invocation run, Uri address, IServiceProvider services, CancellationToken cancellation)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        run.Printer.Say($"Switchyard {typeof(ServeCommand).Assembly.GetName().Version!.ToString(3)}   {address.GetLeftPart(UriPartial.Authority)}   data in {storage.DataPath}");
        var sessions = services.GetRequiredService<SessionStore>();
        if (!await sessions.IsUsedAsync(cancellation))
        {
            var link = new Uri(ListenAddress.Reachable(address), "/setup?token=" + await sessions.MakeLinkAsync(cancellation));
            run.Printer.Say($"Open this to set it up (once, within {SessionStore.LinkLifetime.TotalMinutes:0} minutes):  {link}");
        }

        if (await SetupToken.MakeAsync(services, storage, run.Terminal.Time, cancellation) is { } file)
        {
            run.Printer.Say($"On the command line, for {SetupToken.Lifetime.TotalMinutes:0} minutes:  export SWITCHYARD_URL={ListenAddress.Reachable(address).GetLeftPart(UriPartial.Authority)} SWITCHYARD_TOKEN=$(cat {file})");
            run.Printer.Say($"Make one that stays with it:  {run.Terminal.Program} admin token create --name me --role admin");
        }

        run.Printer.Say($"Without GitHub, to look around:  {run.Terminal.Program} demo, or \"Explore the demo\" on the first page");
    }

    private static void Put(Dictionary<string, string?> settings, string key, string? value)
    {
        if (value is not null)
        {
            settings[key] = value;
        }
    }
}
