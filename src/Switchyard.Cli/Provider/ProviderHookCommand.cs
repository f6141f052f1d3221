using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Provider;

/// <summary>Webhooks that people set up by hand on a repository.</summary>
internal sealed class ProviderHookCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("id", "Id"),
        new("name", "Name"),
        new("hookId", "GitHub id"),
        new("heardAt", "First heard"),
        new("overlap", "Two secrets"),
        new("createdAt", "Created"),
    ];

    private readonly Shell shell;

    public ProviderHookCommand(Shell shell)
        : base("hook", "Webhooks that people set up by hand on a repository")
    {
        this.shell = shell;
        Add(List());
        Add(Create());
        Add(Rotate());
        Add(Remove());
    }

    private Command List()
    {
        var (provider, limit) = (Provider(), Lists.Limit());
        var list = new Command("list", "Those of a provider, without their secrets") { provider, limit };
        list.Aliases.Add("ls");
        shell.Run(list, (run, cancellation) => Lists.ShowAsync(run, PathOf(run.Get(provider)!), [], run.Get(limit), Columns, cancellation));
        return list;
    }

    private Command Create()
    {
        var provider = Provider();
        var name = new Argument<string>("name") { Description = "The repository that it is set up on, as people call it" };
        var add = new Command("add", "Make a secret for a repository's webhook; it is shown once") { provider, name };
        shell.Run(add, async (run, cancellation) =>
        {
            Tell(run, (await run.Server.PostAsync(PathOf(run.Get(provider)!), new JsonObject { ["name"] = run.Get(name) }, cancellation))!, "Set it up on GitHub, under the repository's Settings, Webhooks:");
            return ExitCode.Ok;
        });
        return add;
    }

    private Command Rotate()
    {
        var (provider, id) = (Provider(), IdArgument.Create<string>("provider hook list"));
        var rotate = new Command("rotate", "A new secret; the one before stays valid until the next rotation") { provider, id };
        shell.Run(rotate, async (run, cancellation) =>
        {
            Tell(run, (await run.Server.PostAsync($"{PathOf(run.Get(provider)!)}/{Uri.EscapeDataString(run.Get(id)!)}/rotate", null, cancellation))!, "Put the new secret in on GitHub; the old one is still taken:");
            return ExitCode.Ok;
        });
        return rotate;
    }

    private Command Remove()
    {
        var (provider, id) = (Provider(), IdArgument.Create<string>("provider hook list"));
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be removed, and change nothing" };
        var remove = new Command("remove", "Take no more deliveries of it") { provider, id, yes, dryRun };
        shell.Run(remove, async (run, cancellation) =>
        {
            var (hook, done) = (run.Get(id)!, !run.Get(dryRun));
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Remove the webhook {hook}? What it sends is refused from now on.", run.Get(yes));
                await run.Server.DeleteAsync($"{PathOf(run.Get(provider)!)}/{Uri.EscapeDataString(hook)}", cancellation);
            }

            run.Printer.Result(new JsonObject { ["id"] = hook, ["done"] = done }, done ? "Removed. Delete it on GitHub, too." : $"Would remove the webhook {hook}.");
            return ExitCode.Ok;
        });
        return remove;
    }

    private static void Tell(Invocation run, JsonNode made, string say)
    {
        run.Printer.Say(say);
        run.Printer.Result(
            made,
            $"Payload URL   {new Uri(run.Server.Address, Members.At(made, "path")!)} (or the server's public address)\nContent type  {Members.At(made, "contentType")}\nSecret        {Members.At(made, "secret")}\nEvents        Just the push event, or those that your rules name");
    }

    private static Argument<string> Provider() => new("provider") { Description = "Slug or id" };

    private static string PathOf(string provider) => $"api/v1/providers/{Uri.EscapeDataString(provider)}/hooks";
}
