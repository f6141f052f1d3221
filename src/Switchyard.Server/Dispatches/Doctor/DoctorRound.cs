using System.Collections.Concurrent;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>The App of a provider as GitHub has it now.</summary>
/// <param name="Provider">Its row.</param>
/// <param name="Events">What it is subscribed to; null with a token that stands in for an App.</param>
/// <param name="HasWebhook">Whether GitHub delivers anything to it.</param>
/// <param name="Permissions">What it asks for, of which installations grant the same or less; null with a token.</param>
/// <param name="HasHooks">Whether people have set up webhooks on repositories by hand; what those tell is not known.</param>
internal sealed record AppFacts(Provider Provider, IReadOnlyList<string>? Events, IReadOnlyDictionary<string, string>? Permissions, bool HasWebhook, bool HasHooks)
{
    public string Name => Events is null ? $"the token of {Provider.Slug}" : $"the App {Provider.AppSlug ?? Provider.Name}";

    /// <summary>Where its permissions and events are set.</summary>
    public string SettingsUrl =>
        Provider.AppSlug is not { } slug ? Provider.WebUrl
        : Provider.OwnerType == "Organization" ? $"{Provider.WebUrl.TrimEnd('/')}/organizations/{Provider.OwnerLogin}/settings/apps/{slug}/permissions"
        : $"{Provider.WebUrl.TrimEnd('/')}/settings/apps/{slug}/permissions";
}

/// <summary>One round of the doctor: rules share targets and sources, and each is asked for once.</summary>
internal sealed class DoctorRound(
    TargetAccess targets, WorkflowFiles files, ProviderConnections connections, ProviderStore providers, Database database, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<AppFacts>>> apps = new();
    private readonly ConcurrentDictionary<long, Lazy<Task<List<SourceFacts>>>> sources = new();
    private readonly ConcurrentDictionary<(long, string), Lazy<Task<AccessAnswer>>> answers = new();
    private readonly ConcurrentDictionary<(long, string, string?), Lazy<Task<WorkflowFile?>>> read = new();
    private readonly ConcurrentDictionary<(long, string), Lazy<Task<Workflow?>>> known = new();
    private readonly ConcurrentDictionary<(long, string), Lazy<Task<bool>>> refs = new();
    private readonly ConcurrentDictionary<long, Lazy<Task<IReadOnlyList<TargetWorkflow>>>> lists = new();

    public Task<AppFacts> AppAsync(long providerId) => Once(apps, providerId, async () =>
    {
        var provider = await providers.FindAsync(providerId, cancellation) ?? throw new InvalidOperationException($"There is no provider {providerId}.");
        var connection = await connections.GetAsync(providerId, cancellation);
        var hooks = await database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from repository_hooks where provider_id = @providerId", new { providerId }), cancellation) > 0;
        return connection.IsApp && await connection.App.GetAppAsync(cancellation) is var app
            ? new AppFacts(provider, app.Events, app.Permissions, await HasWebhookAsync(connection.App), hooks)
            : new AppFacts(provider, null, null, false, hooks);
    });

    /// <summary>The linked repositories.</summary>
    public Task<List<SourceFacts>> SourcesAsync(long providerId) =>
        Once(sources, providerId, () => database.ReadAsync(session => LinkedSources.ListAsync(session, providerId), cancellation));

    public Task<AccessAnswer> FindAsync(long providerId, string fullName) =>
        Once(answers, (providerId, fullName.ToLowerInvariant()), () => targets.FindAsync(providerId, fullName, cancellation));

    /// <summary>A workflow file on a ref.</summary>
    public Task<WorkflowFile?> FileAsync(AccessibleRepository target, string file, string? reference) =>
        Once(read, (target.GithubId, file, reference), () => files.ReadAsync(target, file, reference, cancellation));

    /// <summary>A workflow as GitHub knows it, which is by its file on the default branch.</summary>
    public Task<Workflow?> WorkflowAsync(AccessibleRepository target, string file) => Once(known, (target.GithubId, file), async () =>
        await (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions.GetWorkflowAsync(target.Owner, target.Name, file, cancellation));

    public Task<IReadOnlyList<TargetWorkflow>> WorkflowsAsync(AccessibleRepository target) => Once(lists, target.GithubId, () => files.ListAsync(target, cancellation));

    /// <summary>Whether there is a branch or tag of that name.</summary>
    public Task<bool> HasRefAsync(AccessibleRepository target, string reference) => Once(refs, (target.GithubId, reference), async () =>
    {
        var api = await targets.OpenAsync(target, cancellation, ("contents", "read"));
        foreach (var name in reference.StartsWith("refs/", StringComparison.Ordinal) ? [reference[5..]] : (string[])["heads/" + reference, "tags/" + reference])
        {
            if (await api.GetRefAsync(target.Owner, target.Name, name, cancellation) is not null)
            {
                return true;
            }
        }

        return false;
    });

    private async Task<bool> HasWebhookAsync(AppApi app)
    {
        try
        {
            return (await app.GetHookConfigAsync(cancellation)).Url is { Length: > 0 };
        }
        catch (GitHubException none) when (none.Kind == GitHubErrorKind.NotFound)
        {
            return false;
        }
    }

    private static Task<T> Once<TKey, T>(ConcurrentDictionary<TKey, Lazy<Task<T>>> kept, TKey key, Func<Task<T>> ask)
        where TKey : notnull => kept.GetOrAdd(key, _ => new Lazy<Task<T>>(ask)).Value;
}
