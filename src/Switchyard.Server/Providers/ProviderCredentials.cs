using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Providers;

/// <summary>
/// The key and the webhook secret of an App are changed without a gap: the new one and the one before are both good until the old one
/// is forgotten here, so it does not matter in which order GitHub and we come to know of it.
/// </summary>
internal sealed class ProviderCredentials(Database database, SecretVault vault, ProviderConnections connections, WebhookProviders senders, TimeProvider time)
{
    /// <summary>Takes another private key of the App, which GitHub must accept at once; gives its fingerprint.</summary>
    /// <exception cref="RegistrationException">It is the key of another App, or the one that is in use.</exception>
    public async Task<string> RotateKeyAsync(Provider provider, string pem, string by, CancellationToken cancellation)
    {
        using var signer = PemAppSigner.Parse(pem);
        var secrets = await vault.ListAsync(provider.SecretScope, cancellation);
        if (secrets.Find(secret => secret.Name == ProviderSecret.PrivateKey)?.Fingerprint == signer.Fingerprint)
        {
            throw new RegistrationException("This is the key that is in use. Generate another one on GitHub, under Private keys, and give that.", "privateKey");
        }

        var issuer = provider.AppId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? provider.ClientId!;
        using (var connection = GitHubConnection.ForApp(new AppCredentials(GitHubHost.Parse(provider.ApiUrl, provider.WebUrl), issuer, signer), new GitHubConnectionOptions { Time = time }))
        {
            var app = await connection.App.GetAppAsync(cancellation);
            if (provider.AppId is { } id && app.Id != id)
            {
                throw new RegistrationException($"This is a key of the App {app.Slug ?? app.Name}, not of {provider.AppSlug}.", "privateKey");
            }
        }

        var previous = await vault.ReadTextAsync(provider.SecretScope, ProviderSecret.PrivateKey, cancellation);
        await database.WriteAsync(
            async session =>
            {
                if (previous is not null)
                {
                    using var old = PemAppSigner.Parse(previous);
                    await vault.SetAsync(session, provider.SecretScope, ProviderSecret.PreviousPrivateKey, previous, by, old.Fingerprint);
                }

                await vault.SetAsync(session, provider.SecretScope, ProviderSecret.PrivateKey, pem, by, signer.Fingerprint);
            },
            cancellation);
        connections.Forget(provider.Id);
        return signer.Fingerprint;
    }

    /// <summary>The key (or webhook secret) before is good no longer here. False where there is none.</summary>
    public async Task<bool> ForgetPreviousAsync(Provider provider, string name, CancellationToken cancellation)
    {
        var known = (await vault.ListAsync(provider.SecretScope, cancellation)).Exists(secret => secret.Name == name);
        if (known)
        {
            await database.WriteAsync(session => SecretVault.RemoveAsync(session, provider.SecretScope, name), cancellation);
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
        await database.WriteAsync(
            async session =>
            {
                foreach (var (name, value) in values)
                {
                    await vault.SetAsync(session, provider.SecretScope, name, value, by);
                }
            },
            CancellationToken.None);
        senders.Forget();
    }

    private long Took(long began) => (long)time.GetElapsedTime(began).TotalMilliseconds;
}
