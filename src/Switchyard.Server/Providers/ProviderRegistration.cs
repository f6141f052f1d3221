using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Providers;

/// <summary>A provider that cannot be registered as asked; the message says why and what to do.</summary>
internal sealed class RegistrationException(string message, string? member = null) : Exception(message)
{
    /// <summary>The member of the request that is wrong.</summary>
    public string? Member => member;
}

/// <summary>The App has a provider already; twice it would mirror each of its repositories twice.</summary>
internal sealed class AlreadyRegisteredException(string message, string slug) : Exception(message)
{
    /// <summary>That of the provider that is there.</summary>
    public string Slug => slug;
}

/// <summary>What the browser posts to GitHub to register the App.</summary>
internal sealed record ManifestForm(string PostUrl, string Manifest, string State);

/// <summary>Registers a provider: by GitHub's manifest flow, or by hand from an App's id and key or a fine-grained token.</summary>
internal sealed class ProviderRegistration(
    Database database, ProviderStore store, SecretVault vault, AppKeys keys, ProviderConnections connections, WebhookProviders senders, Lanes lanes, IOptions<ProviderOptions> options, TimeProvider time)
{
    /// <summary>GitHub takes a manifest's code for an hour; so long a registration may be under way.</summary>
    private static readonly TimeSpan FlowLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// Begins the manifest flow; the state comes back with the code and is known to nobody else. One that was begun for the
    /// same slug and not finished is given up: its form is likely closed.
    /// </summary>
    public async Task<ManifestForm> BeginAsync(
        GitHubHost host, string name, string? organization, string? publicUrl, string? redirectUrl, bool mirrorOnly, CancellationToken cancellation)
    {
        var slug = await store.FreeSlugAsync(name, cancellation);
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from provider_registrations where created_at < @before or slug = @slug", new { slug, before = (now - FlowLifetime).ToUnixTimeMilliseconds() });
                await session.ExecuteAsync(
                    "insert into provider_registrations (state_hash, slug, name, api_url, web_url, created_at) values (@hash, @slug, @name, @api, @web, @now)",
                    new { hash = Hash(state), slug, name, api = host.Api.ToString(), web = host.Web.ToString(), now = now.ToUnixTimeMilliseconds() });
            },
            cancellation);
        var page = organization is null ? "settings/apps/new" : $"organizations/{Uri.EscapeDataString(organization)}/settings/apps/new";
        var postUrl = $"{host.Web.ToString().TrimEnd('/')}/{page}?state={state}";
        return new ManifestForm(postUrl, AppManifest.Build(name, slug, publicUrl ?? options.Value.PublicUrl, redirectUrl, mirrorOnly), state);
    }

    /// <summary>
    /// Exchanges the code that GitHub gave the browser. The credentials exist nowhere else from then on, so they are stored
    /// before anything else is done.
    /// </summary>
    public async Task<Provider> CompleteAsync(string code, string state, string by, CancellationToken cancellation)
    {
        var hash = Hash(state);
        var pending = await database.ReadAsync(
            session => session.FirstAsync<Provider>(
                "select slug, name, api_url, web_url, created_at from provider_registrations where state_hash = @hash and created_at > @after",
                new { hash, after = (time.GetUtcNow() - FlowLifetime).ToUnixTimeMilliseconds() }),
            cancellation) ?? throw new RegistrationException(
                "This registration was not begun here, or more than an hour ago, so its code is not taken. Begin again: switchyard provider add.", "state");
        var host = GitHubHost.Parse(pending.ApiUrl, pending.WebUrl);

        // The code works once: what it brings must find its place.
        await vault.CheckAsync(cancellation);
        var app = await GitHubConnection.ConvertManifestAsync(host, code, new GitHubConnectionOptions { Time = time }, cancellation);

        var webhookSecret = app.WebhookSecret ?? RepositoryHooks.NewSecret();
        var provider = pending with
        {
            Kind = ProviderKind.App,
            AppId = app.Id,
            ClientId = app.ClientId,
            AppSlug = app.Slug,
            OwnerLogin = app.OwnerLogin,
            OwnerType = app.OwnerType,
            HtmlUrl = app.HtmlUrl,
        };
        var secrets = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [ProviderSecret.PrivateKey] = app.Pem,
            [ProviderSecret.ClientSecret] = app.ClientSecret,
            [ProviderSecret.WebhookSecret] = webhookSecret,
        };
        try
        {
            provider = await StoreAsync(
                provider, secrets, by, (session, _) => session.ExecuteAsync("delete from provider_registrations where state_hash = @hash", new { hash }));
        }
        catch (VaultException refused)
        {
            throw new VaultException(
                $"{refused.Message} GitHub has made the App {app.Slug} and gives its key once: make a new private key and webhook secret on its page ({app.HtmlUrl}), and register it by hand: switchyard provider add --app-id {app.Id} --private-key FILE --webhook-secret-file FILE");
        }

        if (app.WebhookSecret is null)
        {
            // The conversion may leave the secret out (OpenAPI: nullable); PATCH is the only way to set our own.
            var connection = await connections.GetAsync(provider.Id, cancellation);
            await connection.App.UpdateHookConfigAsync(null, "json", webhookSecret, cancellation);
        }

        return provider;
    }

    /// <summary>Registers an existing App from its id and key; checked at once with <c>GET /app</c>.</summary>
    public async Task<Provider> AddAppAsync(
        GitHubHost host, string? name, string issuer, string privateKey, string? webhookSecret, string by, CancellationToken cancellation)
    {
        using var signer = PemAppSigner.Parse(privateKey);
        return await AddAppAsync(host, name, issuer, signer, new Provider(), new(StringComparer.Ordinal) { [ProviderSecret.PrivateKey] = privateKey, [ProviderSecret.WebhookSecret] = webhookSecret }, by, cancellation);
    }

    /// <summary>The same with a key that stays in a vault and signs there; which of its versions is kept.</summary>
    public async Task<Provider> AddAppWithKeyInAsync(
        GitHubHost host, string? name, string issuer, string keyIn, string? webhookSecret, string by, CancellationToken cancellation)
    {
        using var signer = await keys.OpenAsync(keyIn, cancellation);
        return await AddAppAsync(
            host, name, issuer, signer, new Provider { KeyIn = signer.KeyIn, KeyFingerprint = signer.Fingerprint }, new(StringComparer.Ordinal) { [ProviderSecret.WebhookSecret] = webhookSecret }, by, cancellation);
    }

    private async Task<Provider> AddAppAsync(
        GitHubHost host, string? name, string issuer, IAppSigner signer, Provider key, Dictionary<string, string?> secrets, string by, CancellationToken cancellation)
    {
        using var connection = GitHubConnection.ForApp(new AppCredentials(host, issuer, signer), new GitHubConnectionOptions { Time = time });
        var app = await ReadAppAsync(connection, host, issuer, cancellation);
        if ((await store.ListAsync(cancellation)).FirstOrDefault(known => known.AppId == app.Id && known.ApiUrl == host.Api.ToString()) is { } there)
        {
            throw new AlreadyRegisteredException(
                $"The App {app.Slug ?? app.Name} of {host.Web.Host} is registered already, as provider \"{there.Slug}\". Registered twice, each of its repositories would be mirrored twice.", there.Slug);
        }

        var provider = key with
        {
            Slug = await store.FreeSlugAsync(name ?? app.Slug ?? app.Name, cancellation),
            Kind = ProviderKind.App,
            Name = name ?? app.Name,
            ApiUrl = host.Api.ToString(),
            WebUrl = host.Web.ToString(),
            AppId = app.Id,
            ClientId = app.ClientId,
            AppSlug = app.Slug,
            OwnerLogin = app.Owner?.Login,
            OwnerType = app.Owner?.Type,
            HtmlUrl = app.HtmlUrl,
        };
        return await StoreAsync(provider, secrets, by, (_, _) => Task.CompletedTask);
    }

    private static async Task<GitHubApp> ReadAppAsync(GitHubConnection connection, GitHubHost host, string issuer, CancellationToken cancellation)
    {
        try
        {
            return await connection.App.GetAppAsync(cancellation);
        }
        catch (GitHubException unknown) when (unknown.Kind == GitHubErrorKind.NotFound)
        {
            throw new GitHubException(
                GitHubErrorKind.Unauthorized,
                $"GitHub at {host} does not know the App {issuer}: it answered 404 \"{unknown.GitHubMessage}\". Check the App's id, and that it was made on that host.",
                unknown);
        }
    }

    /// <summary>
    /// Registers a fine-grained token that stands in for an App: polling only. What it reaches is one installation; the token
    /// is tried at once.
    /// </summary>
    public async Task<Provider> AddTokenAsync(GitHubHost host, string name, string token, string by, CancellationToken cancellation)
    {
        using var connection = GitHubConnection.ForToken(host, token, new GitHubConnectionOptions { Time = time });
        await using (var reachable = connection.Token().ListRepositoriesAsync(cancellation).GetAsyncEnumerator(cancellation))
        {
            if (!await reachable.MoveNextAsync())
            {
                throw new RegistrationException("The token is valid but reaches no repository. Give it access to the repositories on GitHub, with Contents: read and Metadata: read.", "token");
            }
        }

        var provider = new Provider
        {
            Slug = await store.FreeSlugAsync(name, cancellation),
            Kind = ProviderKind.Token,
            Name = name,
            ApiUrl = host.Api.ToString(),
            WebUrl = host.Web.ToString(),
        };
        return await StoreAsync(
            provider,
            new Dictionary<string, string?>(StringComparer.Ordinal) { [ProviderSecret.Token] = token },
            by,
            (session, id) => store.UpsertInstallationAsync(
                session, new InstallationRow { ProviderId = id, AccountLogin = name, AccountType = "Token", State = InstallationState.Active, RepositorySelection = "selected" }));
    }

    private async Task<Provider> StoreAsync(Provider provider, Dictionary<string, string?> secrets, string by, Func<DbSession, long, Task> also)
    {
        var kept = new List<(string Name, SealedSecret Secret, string? Fingerprint)>();
        foreach (var (name, value) in secrets.Where(secret => !string.IsNullOrEmpty(secret.Value)))
        {
            kept.Add((name, await vault.SealAsync(value!, CancellationToken.None), name == ProviderSecret.PrivateKey ? FingerprintOf(value!) : null));
        }

        var id = await database.WriteAsync(
            async session =>
            {
                // The slug is this one's now; who still goes through a form for it has to begin again.
                await session.ExecuteAsync("delete from provider_registrations where slug = @Slug", new { provider.Slug });
                var row = await store.AddAsync(session, provider);
                foreach (var (name, secret, fingerprint) in kept)
                {
                    await vault.SetAsync(session, Provider.ScopeOf(row), name, secret, by, fingerprint);
                }

                await also(session, row);
                return row;
            },
            CancellationToken.None);
        senders.Forget();
        lanes.Kick<InstallationLane>(InstallationLane.LaneOf(id));
        return (await store.FindAsync(id, CancellationToken.None))!;
    }

    /// <summary>That of the public key, as GitHub shows it on the page of the App.</summary>
    private static string FingerprintOf(string privateKey)
    {
        using var signer = PemAppSigner.Parse(privateKey);
        return signer.Fingerprint;
    }

    private static byte[] Hash(string state) => SHA256.HashData(Encoding.UTF8.GetBytes(state));
}
