using System.Collections.Concurrent;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Providers;

/// <summary>
/// Tells Webhooks who may send Deliveries. Looked-up secrets are kept in memory for some seconds, so that intake does not read
/// the vault for each Delivery; while a vault does not answer, those that it gave last serve for some minutes.
/// </summary>
internal sealed class WebhookProviders(ProviderStore store, ProviderConnections connections, SecretVault vault, Database database, TimeProvider time) : IWebhookProviders
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeptWithoutVault = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, WebhookSender? Sender)> providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<byte[]> Secrets)> given = new(StringComparer.Ordinal);
    private (DateTimeOffset Until, IReadOnlyList<(long? HookId, WebhookSender Sender)> Hooks) hooks;

    public ValueTask<WebhookSender?> FindAsync(string slug, CancellationToken cancellation) =>
        providers.TryGetValue(slug, out var known) && known.Sender is not null && known.Until > time.GetUtcNow()
            ? ValueTask.FromResult<WebhookSender?>(known.Sender)
            : ReadAsync(slug, cancellation);

    public async ValueTask<IReadOnlyList<WebhookSender>> FindHooksAsync(long? hookId, CancellationToken cancellation)
    {
        if (hooks.Until <= time.GetUtcNow())
        {
            hooks = (time.GetUtcNow() + Kept, await ReadHooksAsync(cancellation));
        }

        var byId = hooks.Hooks.Where(hook => hookId is not null && hook.HookId == hookId).Select(hook => hook.Sender).ToList();
        return byId.Count > 0 ? byId : [.. hooks.Hooks.Select(hook => hook.Sender)];
    }

    public Task HeardAsync(WebhookSender hook, long hookId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "update repository_hooks set hook_id = @hookId, heard_at = @now where id = @HookRow and (hook_id is null or hook_id <> @hookId or coalesce(heard_at, 0) < @now - 60000)",
                new { hook.HookRow, hookId, now }),
            cancellation);
    }

    public async Task<IReadOnlyList<DeliveryLog>> ListLogsAsync(CancellationToken cancellation)
    {
        var logs = new List<DeliveryLog>();
        foreach (var provider in (await store.ListAsync(cancellation)).Where(provider => provider.Kind == ProviderKind.App))
        {
            logs.Add(new DeliveryLog(provider.Id, provider.Slug, (await connections.GetAsync(provider.Id, cancellation)).App));
        }

        return logs;
    }

    /// <summary>What was looked up before is read anew: a secret or a hook has changed.</summary>
    public void Forget()
    {
        providers.Clear();
        given.Clear();
        hooks = default;
    }

    private async ValueTask<WebhookSender?> ReadAsync(string slug, CancellationToken cancellation)
    {
        var provider = await store.FindAsync(slug, cancellation);
        var sender = provider is null
            ? null
            : new WebhookSender(provider.Id, null, await ReadSecretsAsync(provider.SecretScope, cancellation));
        if (sender is not null)
        {
            providers[slug] = (time.GetUtcNow() + Kept, sender);
        }

        return sender;
    }

    private async Task<List<(long?, WebhookSender)>> ReadHooksAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync<HookRow>("select id, provider_id, hook_id from repository_hooks order by id"), cancellation);
        var senders = new List<(long?, WebhookSender)>();
        foreach (var row in rows)
        {
            senders.Add((row.HookId, new WebhookSender(row.ProviderId, row.Id, await ReadSecretsAsync(RepositoryHooks.ScopeOf(row.Id), cancellation))));
        }

        return senders;
    }

    private async Task<IReadOnlyList<byte[]>> ReadSecretsAsync(string scope, CancellationToken cancellation)
    {
        try
        {
            var current = await vault.ReadAsync(scope, ProviderSecret.WebhookSecret, cancellation);
            var previous = await vault.ReadAsync(scope, ProviderSecret.PreviousWebhookSecret, cancellation);
            IReadOnlyList<byte[]> secrets = [.. new[] { current, previous }.OfType<byte[]>()];
            given[scope] = (time.GetUtcNow(), secrets);
            return secrets;
        }
        catch (VaultException) when (given.TryGetValue(scope, out var last) && time.GetUtcNow() - last.At < KeptWithoutVault)
        {
            return last.Secrets;
        }
    }

    private sealed record HookRow
    {
        public long Id { get; init; }

        public long ProviderId { get; init; }

        public long? HookId { get; init; }
    }
}
