using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Pulls;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>Forks and pull requests: open them, and do to them what people do.</summary>
internal sealed class PullControl(World world)
{
    private const string Repository = "/repositories/{owner}/{repo}";
    private const string One = Repository + "/pulls/{number}";

    private delegate Task Act(PullRequest pull, Account sender, ControlRequest request);

    public void Map(ControlApi.Adder add)
    {
        // {owner, name?, organization?}
        add("POST", Repository + "/fork", async (request, cancellationToken) =>
        {
            var owner = world.Accounts.Ensure(request.Required("owner"), request.Body["organization"]?.GetValue<bool>() ?? false);
            var fork = await world.Repositories.ForkAsync(ControlApi.Repository(world, request), owner, request.Body["name"]?.ToString(), cancellationToken);
            return new JsonObject { ["id"] = fork.Id, ["fullName"] = fork.FullName, ["clone"] = world.Urls.Web($"/{fork.FullName}.git") };
        });
        add("POST", Repository + "/pulls", OpenAsync);
        add("GET", Repository + "/pulls", (request, _) => ControlApi.Done(new JsonArray([.. world.Pulls.Of(ControlApi.Repository(world, request)).Select(Json)])));
        add("GET", One, (request, _) => ControlApi.Done(Json(Find(request))));
        // A commit on the head branch, so that the pull request is synchronized: the body of /commits.
        Add(add, "/commits", async (pull, sender, request) => await CommitAsync(pull.Head, pull.HeadBranch, request.Body, sender));
        Add(add, "/close", (pull, sender, _) => world.Pulls.CloseAsync(pull, sender));
        Add(add, "/reopen", (pull, sender, _) => world.Pulls.ReopenAsync(pull, sender));
        Add(add, "/ready", (pull, sender, _) => world.Pulls.SetDraftAsync(pull, sender, draft: false));
        Add(add, "/draft", (pull, sender, _) => world.Pulls.SetDraftAsync(pull, sender, draft: true));
        Add(add, "/label", (pull, sender, request) => world.Pulls.LabelAsync(pull, sender, request.Required("name"), on: true));
        Add(add, "/unlabel", (pull, sender, request) => world.Pulls.LabelAsync(pull, sender, request.Required("name"), on: false));
        Add(add, "/merge", MergeAsync);
    }

    /// <summary>
    /// <c>{head: "branch" or "owner:branch", base?, title?, body?, draft?, author?, labels?, files?}</c>; with files the head branch
    /// gets a commit first, and is made when it is not there.
    /// </summary>
    private async Task<JsonNode?> OpenAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var (target, body) = (ControlApi.Repository(world, request), request.Body);
        var parts = request.Required("head").Split(':', 2);
        var branch = parts[^1];
        var source = parts.Length == 1 ? target : world.Repositories.All.FirstOrDefault(fork => (fork == target || fork.Parent == target) && fork.Owner.Login == parts[0])
            ?? throw new ArgumentException($"{parts[0]} has no fork of {target.FullName}: POST .../fork makes one.");
        var author = Sender(request, "author");
        if (body["files"] is JsonObject)
        {
            await CommitAsync(source, branch, body, author);
        }

        var into = body["base"]?.ToString() ?? target.DefaultBranch;
        var content = await new PullReader(world).ReadAsync(target, into, source, branch, cancellationToken)
            ?? throw new ArgumentException($"Not both branches exist: {into} of {target.FullName}, {branch} of {source.FullName}.");
        return Json(await world.Pulls.OpenAsync(
            new NewPull(target, into, source, branch, body["title"]?.ToString() ?? content.Head.Message.Split('\n')[0], author)
            {
                Body = body["body"]?.ToString(),
                Draft = body["draft"]?.GetValue<bool>() ?? false,
                Labels = [.. request.Names("labels")],
            },
            content));
    }

    private void Add(ControlApi.Adder add, string verb, Act act) => add("POST", One + verb, async (request, _) =>
    {
        var pull = Find(request);
        await act(pull, Sender(request, "sender"), request);
        return Json(pull);
    });

    private async Task CommitAsync(Repository repository, string branch, JsonObject body, Account pusher)
    {
        var commit = body.DeepClone().AsObject();
        commit["branch"] = branch;
        await new RefChanges(world).ApplyAsync(repository, pusher, () => new GitWriter(world).CommitAsync(repository, commit, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>A merge commit on the base branch. Conflicts are refused, as by the button.</summary>
    private async Task MergeAsync(PullRequest pull, Account sender, ControlRequest request)
    {
        var folder = pull.Base.Folder;
        var tip = await world.Git.TextAsync(folder, ["rev-parse", "refs/heads/" + pull.BaseBranch], CancellationToken.None);
        var (exit, tree, _) = await world.Git.TryAsync(folder, ["merge-tree", "--write-tree", tip, pull.HeadSha], CancellationToken.None);
        if (exit != 0)
        {
            throw new ArgumentException("Pull Request is not mergeable");
        }

        var name = System.Text.Encoding.ASCII.GetString(tree).Trim();
        var commit = await world.Git.TextAsync(folder, ["commit-tree", name, "-p", tip, "-p", pull.HeadSha, "-m", $"Merge pull request #{pull.Number} from {pull.HeadLabel.Replace(':', '/')}"], CancellationToken.None);
        await world.Pulls.CloseAsync(pull, sender, commit);
        await new RefChanges(world).ApplyAsync(pull.Base, sender, () => world.Git.RunAsync(folder, ["update-ref", "refs/heads/" + pull.BaseBranch, commit, tip], CancellationToken.None), CancellationToken.None);
    }

    private Account Sender(ControlRequest request, string member) =>
        request.Body[member]?.ToString() is { } login ? world.Accounts.Ensure(login, organization: false) : world.Developer;

    private PullRequest Find(ControlRequest request)
    {
        var repository = ControlApi.Repository(world, request);
        return (int.TryParse(request["number"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? world.Pulls.Find(repository, number) : null)
            ?? throw new ArgumentException($"{repository.FullName} has no pull request {request["number"]}.");
    }

    private static JsonObject Json(PullRequest pull) => new()
    {
        ["number"] = pull.Number,
        ["state"] = pull.Open ? "open" : "closed",
        ["merged"] = pull.MergedAt is not null,
        ["draft"] = pull.Draft,
        ["title"] = pull.Title,
        ["head"] = pull.HeadLabel,
        ["sha"] = pull.HeadSha,
        ["base"] = pull.BaseBranch,
        ["author"] = pull.Author.Login,
        ["labels"] = Wire.List(pull.Labels),
    };
}
