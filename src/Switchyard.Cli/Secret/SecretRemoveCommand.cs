using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Secret;

internal sealed class SecretRemoveCommand : Command
{
    public SecretRemoveCommand(Shell shell)
        : base("remove", "Remove a secret of Actions; workflows see an empty value from then on")
    {
        var name = new Argument<string>("name") { Description = "The name of the secret" };
        var target = new SecretTarget();
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be removed, and remove nothing" };
        Add(name);
        target.AddTo(this);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var secret = run.Get(name)!;
            var place = target.Describe(run);
            var done = !run.Get(dryRun);
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Remove {secret} of {place}? GitHub keeps no copy.", run.Get(yes));
                using var access = await target.OpenAsync(run, cancellation);
                var (api, found) = await target.ResolveAsync(run, access, "write", cancellation);
                await api.RemoveAsync(found, secret, cancellation);
            }

            run.Printer.Result(new JsonObject { ["name"] = secret, ["place"] = place, ["done"] = done }, $"{(done ? "Removed" : "Would remove")} {secret} of {place}.");
            return ExitCode.Ok;
        });
    }
}
