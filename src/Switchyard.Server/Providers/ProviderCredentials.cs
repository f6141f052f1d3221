using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Providers;

/// <summary>
/// The key and the webhook secret of an App are changed without a gap: the new one and the one before are both good until the old one
/// is forgotten here, so it does not matter in which order GitHub and we come to know of it.
/// </summary>
internal sealed class ProviderCredentials(Database database, SecretVault vault, AppKeys keys, ProviderConnections connections, WebhookProviders senders, TimeProvider time)
{
    /// <summary>Takes another private key of the App, which GitHub must accept at once; gives its fingerprint.</summary>
    /// <exception cref="RegistrationException">It is the key of another App, or the one that is in use.</exception>
    public async Task<string> RotateKeyAsync(Provider provider, string pem, string by, CancellationToken cancellation)
    {
        using var signer = PemAppSigner.Parse(pem);
        await TryKeyAsync(provider, signer, "privateKey", cancellation);
        var sealedKey = await vault.SealAsync(pem, cancellation);
        await SwapKeyAsync(provider, null, signer.Fingerprint, by, session => vault.SetAsync(session, provider.SecretScope, ProviderSecret.PrivateKey, sealedKey, by, signer.Fingerprint), cancellation);
        return signer.Fingerprint;
    }

    /// <summary>The same with a key that stays in a vault and signs there; which of its versions is kept.</summary>
    /// <exception cref="RegistrationException">It is the key of another App, or the one that is in use.</exception>
    /// <exception cref="VaultException">There is no such key, or it signs for no App.</exception>
    public async Task<string> RotateKeyInAsync(Provider provider, string keyIn, string by, CancellationToken cancellation)
    {
        using var signer = await keys.OpenAsync(keyIn, cancellation);
        await TryKeyAsync(provider, signer, "keyIn", cancellation);
        await SwapKeyAsync(provider, signer.KeyIn, signer.Fingerprint, by, session => vault.RemoveAsync(session, provider.SecretScope, ProviderSecret.PrivateKey), cancellation);
        return signer.Fingerprint;
    }

    private async Task TryKeyAsync(Provider provider, IAppSigner signer, string member, CancellationToken cancellation)
    {
        var secrets = await vault.ListAsync(provider.SecretScope, cancellation);
        var used = provider.KeyIn is null ? secrets.Find(secret => secret.Name == ProviderSecret.PrivateKey)?.Fingerprint : provider.KeyFingerprint;
        if (used == signer.Fingerprint && provider.KeyIn is null == (member == "privateKey"))
        {
            throw new RegistrationException("This is the key that is in use. Generate another one on GitHub, under Private keys, and give that.", member);
        }

        var issuer = provider.AppId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? provider.ClientId!;
        using var connection = GitHubConnection.ForApp(new AppCredentials(GitHubHost.Parse(provider.ApiUrl, provider.WebUrl), issuer, signer), new GitHubConnectionOptions { Time = time });
        var app = await connection.App.GetAppAsync(cancellation);
        if (provider.AppId is { } id && app.Id != id)
        {
            throw new RegistrationException($"This is a key of the App {app.Slug ?? app.Name}, not of {provider.AppSlug}.", member);
        }
    }

    /// <summary>A key of ours that was in use stays beside the new one; one that signs in a vault stays there.</summary>
    private async Task SwapKeyAsync(Provider provider, string? keyIn, string fingerprint, string by, Func<DbSession, Task> store, CancellationToken cancellation)
    {
        var previous = await vault.ReadTextAsync(provider.SecretScope, ProviderSecret.PrivateKey, cancellation);
        using var old = previous is null ? null : PemAppSigner.Parse(previous);
        var kept = previous is null ? null : await vault.SealAsync(previous, cancellation);
        await database.WriteAsync(
            async session =>
            {
                if (kept is not null)
                {
                    await vault.SetAsync(session, provider.SecretScope, ProviderSecret.PreviousPrivateKey, kept, by, old!.Fingerprint);
                }

                await store(session);
                await session.ExecuteAsync(
                    "update providers set key_in = @keyIn, key_fingerprint = @shown, updated_at = @now where id = @Id",
                    new { keyIn, shown = keyIn is null ? null : fingerprint, now = time.GetUtcNow().ToUnixTimeMilliseconds(), provider.Id });
            },
            cancellation);
        connections.Forget(provider.Id);
    }

    /// <summary>The key (or webhook secret) before is good no longer here. False where there is none.</summary>
    public async Task<bool> ForgetPreviousAsync(Provider provider, string name, CancellationToken cancellation)
    {
        var known = (await vault.ListAsync(provider.SecretScope, cancellation)).Exists(secret => secret.Name == name);
        if (known)
        {
            await database.WriteAsync(session => vault.RemoveAsync(session, provider.SecretScope, name), cancellation);
            connections.Forget(provider.Id);
            senders.Forget();
        }

        return known;
    }

    /// <summary>
    /// A new webhook secret, here and on GitHub. It is good here before GitHub has it; where GitHub's answer is lost, both stay good
    /// and the rotation can be repeated.
    /// </summary>
    public async Task RotateWebhookSecretAsync(Provider provider, string by, CancellationToken cancellation)
    {
        var secret = RepositoryHooks.NewSecret();
        var current = await vault.ReadTextAsync(provider.SecretScope, ProviderSecret.WebhookSecret, cancellation);
        await SetAsync(provider, by, (ProviderSecret.PreviousWebhookSecret, secret));
        await (await connections.GetAsync(provider.Id, cancellation)).App.UpdateHookConfigAsync(null, "json", secret, cancellation);
        await SetAsync(provider, by, (ProviderSecret.WebhookSecret, secret), (ProviderSecret.PreviousWebhookSecret, current ?? secret));
    }

    /// <summary>Asks GitHub who we are.</summary>
    /// <exception cref="GitHubException">It does not say so.</exception>
    public async Task<ProviderTest> TestAsync(Provider provider, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var connection = await connections.GetAsync(provider.Id, cancellation);
        if (provider.Kind == ProviderKind.Token)
        {
            var count = 0;
            await foreach (var unused in connection.Token().ListRepositoriesAsync(cancellation))
            {
                count++;
            }

            return new ProviderTest(count > 0, count > 0 ? $"GitHub accepts the token; it reaches {count} repositories." : "GitHub accepts the token, but it reaches no repository.", Took(began), connection.ClockSkew.TotalSeconds, null);
        }

        // Not from memory: an unchanged answer would hide a key that was deleted a moment ago.
        var app = await connection.App.GetAppAsync(cancellation);
        var hook = await HookAsync(connection.App, cancellation);
        var heard = hook?.Url is { Length: > 0 } url ? $" Deliveries go to {url}." : " It has no webhook: changes are found by polling.";
        return new ProviderTest(true, $"GitHub accepts the key as that of {app.Slug ?? app.Name}, on {app.InstallationsCount ?? 0} accounts.{heard}", Took(began), Math.Round(connection.ClockSkew.TotalSeconds, 1), hook?.Url);
    }

    private static async Task<HookConfig?> HookAsync(AppApi app, CancellationToken cancellation)
    {
        try
        {
            return await app.GetHookConfigAsync(cancellation);
        }
        catch (GitHubException none) when (none.Kind == GitHubErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task SetAsync(Provider provider, string by, params (string Name, string Value)[] values)
    {
        // What GitHub has been told must be known here, whoever has hung up meanwhile.
        var kept = new List<(string Name, SealedSecret Secret)>();
        foreach (var (name, value) in values)
        {
            kept.Add((name, await vault.SealAsync(value, CancellationToken.None)));
        }

        await database.WriteAsync(
            async session =>
            {
                foreach (var (name, secret) in kept)
                {
                    await vault.SetAsync(session, provider.SecretScope, name, secret, by);
                }
            },
            CancellationToken.None);
        senders.Forget();
    }

    private long Took(long began) => (long)time.GetElapsedTime(began).TotalMilliseconds;
}
