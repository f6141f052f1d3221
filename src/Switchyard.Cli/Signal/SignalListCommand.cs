using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Rules;
using Switchyard.Server.Signals;

namespace Switchyard.Cli.Signal;

internal sealed class SignalListCommand : Command
{
    public SignalListCommand(Shell shell)
        : base("list", "Signals, newest first")
    {
        var kind = WordOption.Create("--kind", SignalKind.All);
        var source = WordOption.Create("--source", SignalSource.All, "How it came to be known: ");
        var provider = Lists.Provider();
        var repository = new Option<string?>("--repo") { Description = "owner/name", HelpName = "R" };
        var sha = new Option<string?>("--sha") { Description = "The commit, or how its id begins", HelpName = "SHA" };
        var limit = Lists.Limit();
        Aliases.Add("ls");
        foreach (var option in (Option[])[kind, source, provider, repository, sha, limit])
        {
            Add(option);
        }

        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/signals",
            [new("kind", run.Get(kind)), new("source", run.Get(source)), new("provider", run.Get(provider)), new("repository", run.Get(repository)), new("sha", run.Get(sha))],
            run.Get(limit),
            SignalColumns.List,
            cancellation));
    }
}
