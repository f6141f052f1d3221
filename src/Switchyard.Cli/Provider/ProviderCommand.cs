using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Provider;

internal sealed class ProviderCommand : Command
{
    public ProviderCommand(Shell shell)
        : base("provider", "GitHub Apps (or tokens) that the server acts as")
    {
        Add(List(shell));
        Add(View(shell));
        Add(new ProviderAddCommand(shell));
        Add(Installations(shell));
        foreach (var command in ProviderCare.Commands(shell))
        {
            Add(command);
        }

        Add(new ProviderHookCommand(shell));
    }

    private static Command List(Shell shell)
    {
        var limit = Lists.Limit();
        var command = new Command("list", "Registered providers and their health") { limit };
        command.Aliases.Add("ls");
        shell.Run(command, (run, cancellation) => Lists.ShowAsync(run, "api/v1/providers", [], run.Get(limit), ProviderColumns.List, cancellation));
        return command;
    }

    private static Command Installations(Shell shell)
    {
        var sync = new Option<bool>("--sync") { Description = "Let the server list them on GitHub again" };
        var limit = Lists.Limit();
        var provider = Lists.Provider();
        var command = new Command("installations", "Where the Apps are installed") { sync, provider, limit };
        shell.Run(command, async (run, cancellation) =>
        {
            if (run.Get(sync))
            {
                await run.Server.PostAsync("api/v1/installations/sync", null, cancellation);
                run.Printer.Say("The server lists them again; what it finds shows a moment later.");
            }

            return await Lists.ShowAsync(run, "api/v1/installations", [new("provider", run.Get(provider))], run.Get(limit), ProviderColumns.Installations, cancellation);
        });
        return command;
    }

    private static Command View(Shell shell)
    {
        var provider = new Argument<string>("provider") { Description = "Slug or id" };
        var web = new Option<bool>("--web") { Description = "Open it on GitHub" };
        var command = new Command("view", "One provider, without its secrets") { provider, web };
        shell.Run(command, async (run, cancellation) =>
        {
            var found = (await run.Server.GetAsync("api/v1/providers/" + Uri.EscapeDataString(run.Get(provider)!), cancellation))!;
            if (run.Get(web) && Members.At(found, "htmlUrl") is { } address)
            {
                Browser.Open(run.Terminal, new Uri(address));
                return ExitCode.Ok;
            }

            run.Printer.View(found, ProviderColumns.View);
            return ExitCode.Ok;
        });
        return command;
    }
}
