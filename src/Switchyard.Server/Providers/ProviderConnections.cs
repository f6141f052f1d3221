using System.Collections.Concurrent;
using System.Globalization;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Providers;

/// <summary>
/// One <see cref="GitHubConnection"/> a provider, with its token cache, rate limits and ETags, made from the vault when it is
/// first needed and kept until its credentials change.
/// </summary>
public sealed class ProviderConnections : IAsyncDisposable
{
    /// <summary>So long a node may go on with credentials that another one has changed; both are good until people delete the old ones.</summary>
    private static readonly TimeSpan Unlooked = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Lazy<Task<GitHubConnection>>> connections = new();
    private readonly ConcurrentDictionary<long, string> stamps = new();
    private long lookedAt;
    private readonly ProviderStore store;
    private readonly SecretVault vault;
    private readonly AppKeys keys;
    private readonly TimeProvider time;

    internal ProviderConnections(ProviderStore store, SecretVault vault, AppKeys keys, TimeProvider time)
    {
        this.store = store;
        this.vault = vault;
        this.keys = keys;
        this.time = time;
        lookedAt = time.GetTimestamp();
    }

    /// <summary>Throws with the reason where the provider is unknown or its key cannot be read.</summary>
    public async ValueTask<GitHubConnection> GetAsync(long providerId, CancellationToken cancellation)
    {
        var looked = Interlocked.Read(ref lookedAt);
        if (time.GetElapsedTime(looked) > Unlooked && Interlocked.CompareExchange(ref lookedAt, time.GetTimestamp(), looked) == looked)
        {
            foreach (var (id, stamp) in await store.ListCredentialsAsync(cancellation))
            {
                if (stamps.TryGetValue(id, out var known) && known != stamp)
                {
                    Forget(id);
                }
            }
        }

        var lazy = connections.GetOrAdd(providerId, id => new Lazy<Task<GitHubConnection>>(() => ConnectAsync(id)));
        try
        {
            return await lazy.Value.WaitAsync(cancellation);
        }
        catch when (lazy.Value.IsFaulted)
        {
            connections.TryRemove(KeyValuePair.Create(providerId, lazy));
            throw;
        }
    }

    /// <summary>The rate limits that GitHub has told of the provider since the start.</summary>
    public IReadOnlyList<RateLimit> RateLimitsOf(long providerId) =>
        connections.TryGetValue(providerId, out var lazy) && lazy is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } connected } ? connected.Result.RateLimits : [];

    /// <summary>The credentials have changed: the next use reads them anew.</summary>
    public void Forget(long providerId) => connections.TryRemove(providerId, out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections.Values.Where(lazy => lazy.IsValueCreated && lazy.Value.IsCompletedSuccessfully))
        {
            (await connection.Value).Dispose();
        }
    }

    private async Task<GitHubConnection> ConnectAsync(long providerId)
    {
        stamps[providerId] = (await store.ListCredentialsAsync(CancellationToken.None)).GetValueOrDefault(providerId, "");
        var provider = await store.FindAsync(providerId, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no provider {providerId}.");
        var host = GitHubHost.Parse(provider.ApiUrl, provider.WebUrl);
        // What is written here is a row with a time at which it is due: it need not wait in memory.
        var options = new GitHubConnectionOptions { Time = time, LongestWriteWait = TimeSpan.Zero };
        if (provider.Kind == ProviderKind.Token)
        {
            return GitHubConnection.ForToken(host, await ReadAsync(provider, ProviderSecret.Token), options);
        }

        IAppSigner signer = provider.KeyIn is { } keyIn
            ? await keys.OpenAsync(keyIn, CancellationToken.None)
            : PemAppSigner.Parse(await ReadAsync(provider, ProviderSecret.PrivateKey));

        // GitHub Enterprise Server up to 3.13 takes the number only; the others take both (behaviours, row 28).
        var issuer = provider.AppId?.ToString(CultureInfo.InvariantCulture) ?? provider.ClientId!;
        var previous = await vault.ReadTextAsync(provider.SecretScope, ProviderSecret.PreviousPrivateKey, CancellationToken.None);
        return GitHubConnection.ForApp(new AppCredentials(host, issuer, signer, previous is null ? null : PemAppSigner.Parse(previous)), options);
    }

    private async Task<string> ReadAsync(Provider provider, string name) =>
        await vault.ReadTextAsync(provider.SecretScope, name, CancellationToken.None)
        ?? throw new VaultException($"The {name} of provider \"{provider.Slug}\" is not in the vault. Register it again: switchyard provider add.");
}
