using System.Security.Cryptography;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Providers;

/// <summary>Webhooks that people set up by hand on a repository; each has a secret of its own, shown once.</summary>
internal sealed class RepositoryHooks(Database database, SecretVault vault, WebhookProviders senders, TimeProvider time)
{
    public static string ScopeOf(long id) => $"hook:{id}";

    public async Task<(long Id, string Secret)> AddAsync(long providerId, string name, string by, CancellationToken cancellation)
    {
        var secret = NewSecret();
        var kept = await vault.SealAsync(secret, cancellation);
        var id = await database.WriteAsync(
            async session =>
            {
                var row = await session.ScalarAsync<long>(
                    "insert into repository_hooks (provider_id, name, created_at) values (@providerId, @name, @now) returning id",
                    new { providerId, name, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
                await vault.SetAsync(session, ScopeOf(row), ProviderSecret.WebhookSecret, kept, by);
                return row;
            },
            cancellation);
        senders.Forget();
        return (id, secret);
    }

    /// <summary>A new secret; the one before stays valid until the next rotation. Null where there is no such hook.</summary>
    public async Task<string?> RotateAsync(long providerId, long id, string by, CancellationToken cancellation)
    {
        var isTheirs = await database.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from repository_hooks where id = @id and provider_id = @providerId", new { id, providerId }), cancellation) == 1;
        var previous = !isTheirs ? null : await vault.ReadAsync(ScopeOf(id), ProviderSecret.WebhookSecret, cancellation);
        if (previous is null)
        {
            return null;
        }

        var secret = NewSecret();
        var (keptPrevious, kept) = (await vault.SealAsync(previous, cancellation), await vault.SealAsync(secret, cancellation));
        await database.WriteAsync(
            async session =>
            {
                await vault.SetAsync(session, ScopeOf(id), ProviderSecret.PreviousWebhookSecret, keptPrevious, by);
                await vault.SetAsync(session, ScopeOf(id), ProviderSecret.WebhookSecret, kept, by);
            },
            cancellation);
        senders.Forget();
        return secret;
    }

    public Task<(List<HookRow> Rows, long Total)> ListAsync(long providerId, Hosting.PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<HookRow>(
                    """
                    select h.id, h.name, h.hook_id, h.created_at, h.heard_at, (select count(*) from secrets s where s.scope = 'hook:' || h.id and s.name = 'webhook_secret_previous') as previous
                    from repository_hooks h where h.provider_id = @providerId and h.id > @after order by h.id limit @limit
                    """,
                    new { providerId, after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from repository_hooks where provider_id = @providerId", new { providerId })),
            cancellation);

    /// <summary>What it sends is no longer taken. False where there is no such hook.</summary>
    public async Task<bool> RemoveAsync(long providerId, long id, CancellationToken cancellation)
    {
        var removed = await database.WriteAsync(
            async session =>
            {
                var rows = await session.ExecuteAsync("delete from repository_hooks where id = @id and provider_id = @providerId", new { id, providerId });
                if (rows > 0)
                {
                    await vault.RemoveAsync(session, ScopeOf(id), ProviderSecret.WebhookSecret);
                    await vault.RemoveAsync(session, ScopeOf(id), ProviderSecret.PreviousWebhookSecret);
                }

                return rows > 0;
            },
            cancellation);
        senders.Forget();
        return removed;
    }

    /// <summary>32 random bytes in hexadecimal, as GitHub's own documentation suggests.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Times are UTC milliseconds; the id is GitHub's, once it was heard.</summary>
internal sealed record HookRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public long? HookId { get; init; }

    public long CreatedAt { get; init; }

    public long? HeardAt { get; init; }

    /// <summary>1 where the secret before the last rotation is still good.</summary>
    public long Previous { get; init; }
}
