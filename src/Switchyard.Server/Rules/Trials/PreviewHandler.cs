using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Repositories;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Rules.Trials;

/// <summary>A pull request into the default branch of a repository with rules: it may change them.</summary>
internal sealed class PreviewHandler(Lanes lanes, TimeProvider time) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["pull_request"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (delivery.Delivery.Action is not ("opened" or "synchronize" or "reopened") || delivery.Envelope.RepositoryId is not { } githubId
            || PullRequestEvent.Read(delivery.Payload) is not { Number: { } number, Head.Sha: { Length: > 0 } head } pull)
        {
            return null;
        }

        var repository = await RepositoryStore.FindByGitHubIdAsync(delivery.Session, delivery.Delivery.ProviderId, githubId);
        if (repository is not { MayWork: true } || pull.Base?.Ref != repository.DefaultBranch)
        {
            return null;
        }

        var kinds = await delivery.Session.QueryAsync<string>("select kind from rule_sources where repository_id = @Id", new { repository.Id });
        if (ReadRuleFiles.IsCentral(repository))
        {
            kinds = [.. kinds.Append(nameof(RuleFileKind.Central)).Distinct()];
        }

        foreach (var kind in kinds)
        {
            await delivery.Session.ExecuteAsync(
                $"""
                insert into rule_previews (provider_id, kind, github_repository_id, repository_name, number, head_sha, state, due_at, created_at)
                values (@ProviderId, @kind, @githubId, @FullName, @number, @head, '{PreviewLane.Wanted}', @now, @now) on conflict (provider_id, github_repository_id, kind, head_sha) do nothing
                """,
                new { repository.ProviderId, kind, githubId, repository.FullName, number, head, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        }

        delivery.AfterCommit(() => lanes.Kick<PreviewLane>(PreviewLane.LaneOf(repository.ProviderId, githubId)));
        return null;
    }
}
