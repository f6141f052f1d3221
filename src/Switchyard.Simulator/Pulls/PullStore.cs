using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Actions;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>What a new pull request is to be.</summary>
internal sealed record NewPull(Repository Base, string BaseBranch, Repository Head, string HeadBranch, string Title, Account Author)
{
    public string? Body { get; init; }

    public bool Draft { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>Pull requests by repository and number, and what happens to them. Each act is told, and starts the workflows that listen.</summary>
internal sealed class PullStore(World world)
{
    private readonly ConcurrentDictionary<long, List<PullRequest>> byRepository = new();
    private readonly RunTriggers triggers = new(world);
    private readonly PullReader reader = new(world);

    public PullJson Render { get; } = new(world);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PullRequest> Of(Repository repository)
    {
        lock (world.Acts)
        {
            return byRepository.TryGetValue(repository.Id, out var found) ? [.. Enumerable.Reverse(found)] : [];
        }
    }

    public PullRequest? Find(Repository repository, long number) => Of(repository).FirstOrDefault(pull => pull.Number == number);

    /// <summary>The open ones with this head, as check events list them: those from forks are left out (OpenAPI: check-suite).</summary>
    public JsonArray Minimal(Repository repository, string sha) =>
        new([.. Of(repository).Where(pull => pull is { Open: true, FromFork: false } && pull.HeadSha == sha).Select(Render.Minimal)]);

    public async Task<PullRequest> OpenAsync(NewPull wanted, PullContent content)
    {
        PullRequest pull;
        lock (world.Acts)
        {
            var all = byRepository.GetOrAdd(wanted.Base.Id, _ => []);
            pull = new PullRequest
            {
                Id = world.NextId(),
                Number = all.Count + 1,
                Base = wanted.Base,
                BaseBranch = wanted.BaseBranch,
                Head = wanted.Head,
                HeadBranch = wanted.HeadBranch,
                Title = wanted.Title,
                Body = wanted.Body,
                Author = wanted.Author,
                Draft = wanted.Draft,
                CreatedAt = world.Clock.Now,
                UpdatedAt = world.Clock.Now,
                Content = content,
            };
            pull.Labels.AddRange(wanted.Labels);
            all.Add(pull);
        }

        await reader.PublishAsync(pull.Base, pull.Number, pull.HeadSha);
        world.Effects.Add("pull_request", pull.Base, new JsonObject { ["number"] = pull.Number, ["title"] = pull.Title, ["head"] = pull.HeadLabel, ["actor"] = pull.Author.Login });
        await ActAsync(pull, "opened", pull.Author);
        return pull;
    }

    /// <summary>A branch moved: the open pull requests from it follow, or end with it.</summary>
    public async Task PushedAsync(Repository repository, Account pusher, IEnumerable<RefUpdate> updates)
    {
        foreach (var update in updates.Where(update => !update.IsTag && update.Ref.StartsWith("refs/heads/", StringComparison.Ordinal)))
        {
            foreach (var pull in OpenFrom(repository, update.ShortName))
            {
                if (update.Deleted)
                {
                    await CloseAsync(pull, pusher);
                }
                else if (await reader.ReadAsync(pull.Base, pull.BaseBranch, repository, pull.HeadBranch, CancellationToken.None) is { } content)
                {
                    var before = pull.HeadSha;
                    pull.Content = content;
                    await reader.PublishAsync(pull.Base, pull.Number, pull.HeadSha);
                    await ActAsync(pull, "synchronize", pusher, payload =>
                    {
                        payload["before"] = before;
                        payload["after"] = pull.HeadSha;
                    });
                }
            }
        }
    }

    public Task CloseAsync(PullRequest pull, Account sender, string? mergeCommit = null)
    {
        pull.Open = false;
        pull.ClosedAt = world.Clock.Now;
        if (mergeCommit is not null)
        {
            pull.MergeCommit = mergeCommit;
            pull.MergedAt = pull.ClosedAt;
            pull.MergedBy = sender;
        }

        return ActAsync(pull, "closed", sender);
    }

    public Task ReopenAsync(PullRequest pull, Account sender)
    {
        pull.Open = true;
        pull.ClosedAt = null;
        return ActAsync(pull, "reopened", sender);
    }

    public Task SetDraftAsync(PullRequest pull, Account sender, bool draft)
    {
        pull.Draft = draft;
        return ActAsync(pull, draft ? "converted_to_draft" : "ready_for_review", sender);
    }

    public Task LabelAsync(PullRequest pull, Account sender, string label, bool on)
    {
        pull.Labels.Remove(label);
        if (on)
        {
            pull.Labels.Add(label);
        }

        return ActAsync(pull, on ? "labeled" : "unlabeled", sender, payload => payload["label"] = Render.Label(pull.Base, label));
    }

    private PullRequest[] OpenFrom(Repository head, string branch)
    {
        lock (world.Acts)
        {
            return [.. byRepository.Values.SelectMany(pulls => pulls).Where(pull => pull.Open && pull.Head == head && pull.HeadBranch == branch)];
        }
    }

    private async Task ActAsync(PullRequest pull, string action, Account sender, Action<JsonObject>? more = null)
    {
        using var busy = world.Deliveries.Busy();
        pull.UpdatedAt = world.Clock.Now;
        world.Deliveries.Events.ToAll(pull.Base, "pull_request", action, () =>
        {
            var payload = new JsonObject { ["action"] = action, ["number"] = pull.Number, ["pull_request"] = Render.InPayload(pull) };
            more?.Invoke(payload);
            world.Deliveries.Events.AddRepository(payload, pull.Base, sender, push: false);
            return payload;
        });
        await triggers.PullAsync(pull, action, sender);
    }
}
