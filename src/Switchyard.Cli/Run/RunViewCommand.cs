using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Run;

internal sealed class RunViewCommand : Command
{
    public RunViewCommand(Shell shell)
        : base("view", "A run with its jobs")
    {
        var reference = new RunReference();
        var web = new Option<bool>("--web") { Description = "Open it in the browser" };
        reference.AddTo(this);
        Add(web);
        shell.Run(this, async (run, cancellation) =>
        {
            var (access, repository) = await reference.OpenAsync(run, "read", cancellation);
            using (access)
            {
                var id = reference.Id(run);
                var found = await repository.Api.Actions.GetRunAsync(repository.Owner, repository.Name, id, cancellation)
                    ?? throw CommandProblem.NotFound($"{repository.FullName} has no run {id}, or it cannot be seen with these credentials.", new NextStep("Its runs", Href: repository.Page("actions")));
                if (run.Get(web))
                {
                    Browser.Open(run.Terminal, new Uri(found.HtmlUrl ?? repository.Page($"actions/runs/{id}")));
                    return ExitCode.Ok;
                }

                var jobs = await repository.Api.Actions.ListJobsAsync(repository.Owner, repository.Name, id, cancellation).ToListAsync(cancellation);
                var json = RunColumns.Json(repository.FullName, found);
                json["jobs"] = new JsonArray([.. jobs.Select(job => new JsonObject { ["id"] = RunColumns.Text(job.Id), ["name"] = job.Name, ["status"] = job.Status, ["conclusion"] = job.Conclusion, ["url"] = job.HtmlUrl })]);
                run.Printer.View(json, RunColumns.View);
                return ExitCode.Ok;
            }
        });
    }
}
