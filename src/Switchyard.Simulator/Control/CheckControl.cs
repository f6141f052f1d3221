using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Checks and statuses of any commit, by GitHub Actions or by anybody else. A check of the same name again is a re-run.</summary>
internal sealed class CheckControl(World world)
{
    private const string One = "/repositories/{owner}/{repo}";

    public void Map(ControlApi.Adder add)
    {
        add("POST", One + "/checks", CreateAsync);
        add("POST", One + "/suites", SuiteAsync);
        add("POST", One + "/statuses", StatusAsync);
        // All check runs of a commit, with their annotations: ?sha=
        add("GET", One + "/checks", ListAsync);
        add("POST", "/checks/{id}", (request, _) =>
        {
            var run = Find(request);
            world.Checks.Update(run, world.Accounts.Bot(run.App), changed => Fill(changed, request.Body));
            return ControlApi.Done(Json(run));
        });
        // Somebody presses "Re-run" beside the check: its App is asked to.
        add("POST", "/checks/{id}/rerequest", (request, _) =>
        {
            var run = Find(request);
            world.Checks.Events.Run(run, "rerequested", world.Developer);
            return ControlApi.Done(Json(run));
        });
    }

    /// <summary><c>{sha?, name, app?, status?, conclusion?, title?, summary?}</c>; without a status it is completed, and successful.</summary>
    private async Task<JsonNode?> CreateAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var name = request.Required("name");
        var suite = await OpenAsync(request, cancellationToken);
        return Json(world.Checks.Add(suite, name, world.Accounts.Bot(suite.App), made =>
        {
            made.Status = "completed";
            Fill(made, request.Body);
        }));
    }

    private async Task<JsonNode?> ListAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var repository = ControlApi.Repository(world, request);
        var reference = request.Call.Query("sha") ?? repository.DefaultBranch;
        var commit = await new GitReader(world.Git, repository.Folder).ResolveAsync(reference, "^{commit}", cancellationToken)
            ?? throw new ArgumentException($"{repository.FullName} has no commit {reference}.");
        lock (world.Acts)
        {
            return new JsonArray([.. world.Checks.Of(repository, commit.Sha).SelectMany(suite => suite.Runs).Select(Json)]);
        }
    }

    /// <summary><c>{sha?, app}</c>: a suite that stays queued as long as nobody adds a check to it.</summary>
    private async Task<JsonNode?> SuiteAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var suite = await OpenAsync(request, cancellationToken);
        return new JsonObject { ["id"] = suite.Id, ["app"] = suite.App.Slug, ["sha"] = suite.HeadSha, ["status"] = suite.Status };
    }

    /// <summary><c>{sha?, state, context?, description?, targetUrl?, creator?}</c></summary>
    private async Task<JsonNode?> StatusAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var repository = ControlApi.Repository(world, request);
        var state = request.Required("state");
        if (!StatusStore.States.Contains(state))
        {
            throw new ArgumentException($"'{state}' is no state: write {string.Join(", ", StatusStore.States)}.");
        }

        var reader = new GitReader(world.Git, repository.Folder);
        var commit = await reader.ResolveAsync(Sha(request, repository), "^{commit}", cancellationToken) is { } found ? await reader.CommitAsync(found.Sha, cancellationToken) : null;
        var creator = request.Body["creator"]?.ToString() is { } login ? world.Accounts.Ensure(login, organization: false) : world.Developer;
        var status = new CommitStatus(world.NextId(), (commit ?? throw NoCommit(request, repository)).Sha, state, request.Body["context"]?.ToString() ?? "default", creator, world.Clock.Now)
        {
            Description = request.Body["description"]?.ToString(),
            TargetUrl = request.Body["targetUrl"]?.ToString(),
        };
        return await world.Statuses.AddAsync(repository, commit, status, cancellationToken) is null
            ? throw new ArgumentException($"{status.Sha} has {StatusStore.Most} statuses of {status.Context}: GitHub takes no more.")
            : new JsonObject { ["id"] = status.Id, ["sha"] = status.Sha };
    }

    private async Task<CheckSuite> OpenAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var repository = ControlApi.Repository(world, request);
        var slug = request.Body["app"]?.ToString() ?? "github-actions";
        App app = world.Apps.FindBySlug(slug) ?? world.Apps.Outside(slug);
        return await world.Checks.SuiteAsync(repository, app, Sha(request, repository), cancellationToken) ?? throw NoCommit(request, repository);
    }

    private void Fill(CheckRun run, JsonObject body)
    {
        var conclusion = body["conclusion"]?.ToString();
        var status = body["status"]?.ToString() ?? (conclusion is null ? run.Status : "completed");
        if (status is not ("queued" or "in_progress" or "completed"))
        {
            throw new ArgumentException($"'{status}' is no status: write queued, in_progress or completed.");
        }

        run.Conclusion = status == "completed" ? Conclusions.Known(conclusion ?? run.Conclusion ?? "success") : null;
        run.Status = status;
        run.CompletedAt = run.Status == "completed" ? world.Clock.Now : null;
        run.Output = new CheckOutput(body["title"]?.ToString() ?? run.Output.Title, body["summary"]?.ToString() ?? run.Output.Summary, run.Output.Text);
    }

    private CheckRun Find(ControlRequest request) =>
        (long.TryParse(request["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? world.Checks.FindRun(id) : null)
        ?? throw new ArgumentException($"There is no check run {request["id"]}.");

    private static string Sha(ControlRequest request, Repository repository) => request.Body["sha"]?.ToString() ?? repository.DefaultBranch;

    private static ArgumentException NoCommit(ControlRequest request, Repository repository) => new($"{repository.FullName} has no commit {Sha(request, repository)}.");

    private static JsonObject Json(CheckRun run) => new()
    {
        ["id"] = run.Id,
        ["suite"] = run.Suite.Id,
        ["app"] = run.App.Slug,
        ["name"] = run.Name,
        ["sha"] = run.Suite.HeadSha,
        ["status"] = run.Status,
        ["conclusion"] = run.Conclusion,
        ["title"] = run.Output.Title,
        ["summary"] = run.Output.Summary,
        ["annotations"] = new JsonArray([.. run.Annotations.Select(annotation => new JsonObject
        {
            ["path"] = annotation.Path,
            ["line"] = annotation.StartLine,
            ["level"] = annotation.Level,
            ["message"] = annotation.Message,
            ["title"] = annotation.Title,
        })]),
    };
}
