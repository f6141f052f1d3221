using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>
/// A check or a status of a commit has moved, which matters only where a rule waits for checks of the repository. The event is a
/// hint: <see cref="SettleChecks"/> looks at all of them once nothing moves any more.
/// </summary>
internal sealed class CheckHandler(CheckSubjects subjects, IEnumerable<ISignalInterest> interests, Lanes lanes) : IDeliveryHandler
{
    private readonly List<ISignalInterest> interests = [.. interests];

    public IReadOnlyCollection<string> Events { get; } = ["check_run", "check_suite", "status"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (Read(delivery) is not { RepositoryId: { } repository, Name: { } name, Sha: { } sha } told)
        {
            return "No effect (it tells of no check of a commit)";
        }

        if (delivery.Delivery.Event == "check_run" ? delivery.Delivery.Action is not ("created" or "completed" or "rerequested") : delivery.Delivery is { Event: "check_suite", Action: not "completed" })
        {
            return $"No effect ({delivery.Delivery.Action} changes no check)";
        }

        var providerId = delivery.Delivery.ProviderId;
        if (!interests.Want(SignalKind.Checks, providerId, name))
        {
            return $"No effect (no rule waits for checks of {name})";
        }

        if (told.AppId is { } app && await delivery.Session.ScalarAsync<long?>("select app_id from providers where id = @providerId", new { providerId }) == app)
        {
            return "No effect (a check of our own)";
        }

        if (await LinkedRepositories.IsUnlinkedAsync(delivery.Session, providerId, repository))
        {
            return LinkedRepositories.Unlinked;
        }

        await subjects.TouchAsync(delivery.Session, providerId, repository, sha, told.Branch);
        delivery.AfterCommit(() => lanes.Kick<SettleChecks>(SignalStore.LaneOf(providerId, repository)));
        return $"The checks of {(sha.Length > 7 ? sha[..7] : sha)} are looked at";
    }

    private static Told? Read(DeliveryContext delivery)
    {
        switch (delivery.Delivery.Event)
        {
            case "check_run":
                return CheckRunEvent.Read(delivery.Payload) is { } run ? new Told(run.RepositoryId, run.RepositoryFullName, run.CheckRun?.HeadSha, run.HeadBranch, run.CheckRun?.App?.Id) : null;
            case "check_suite":
                return CheckSuiteEvent.Read(delivery.Payload) is { } suite ? new Told(suite.RepositoryId, suite.RepositoryFullName, suite.CheckSuite?.HeadSha, suite.CheckSuite?.HeadBranch, suite.CheckSuite?.App?.Id) : null;
            default:
                // A status is of a commit and so of each branch that holds it.
                return StatusEvent.Read(delivery.Payload) is { } status
                    ? new Told(status.RepositoryId, status.RepositoryFullName, status.Sha, status.Branches.FirstOrDefault(branch => branch == status.DefaultBranch) ?? (status.Branches is [var any, ..] ? any : null), null)
                    : null;
        }
    }

    private sealed record Told(long? RepositoryId, string? Name, string? Sha, string? Branch, long? AppId);
}
