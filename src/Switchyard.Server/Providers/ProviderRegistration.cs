using System.Security.Cryptography;
using System.Text;
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

/// <summary>An App to be registered: how it is called, for whom, what for, how GitHub and browsers reach us.</summary>
internal sealed record NewRegistration(GitHubHost Host, string Name, IReadOnlyList<string> Features)
{
    public string? Organization { get; init; }

    /// <summary>Where GitHub delivers to; null: polling only.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Where browsers find the panel; null where no browser of the panel takes part.</summary>
    public string? PanelUrl { get; init; }

    public string? RedirectUrl { get; init; }

    /// <summary>The session that alone may end it; null for the API.</summary>
    public byte[]? BoundTo { get; init; }
}

/// <summary>A provider that was registered, and for which organization that was begun.</summary>
internal sealed record Registered(Provider Provider, string? Wanted);

/// <summary>Registers a provider: by GitHub's manifest flow, or by hand from an App's id and key or a fine-grained token.</summary>
internal sealed class ProviderRegistration(
    Database database, ProviderStore store, SecretVault vault, AppKeys keys, ProviderConnections connections, WebhookProviders senders, Lanes lanes, TimeProvider time)
{
    /// <summary>GitHub takes a manifest's code for an hour; so long a registration may be under way.</summary>
    private static readonly TimeSpan FlowLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// Begins the manifest flow; the state comes back with the code and is known to nobody else. One that was begun for the
    /// same slug and not finished is given up: its form is likely closed.
    /// </summary>
    public async Task<ManifestForm> BeginAsync(NewRegistration wanted, CancellationToken cancellation)
    {
        var slug = await store.FreeSlugAsync(wanted.Name, cancellation);
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from provider_registrations where created_at < @before or slug = @slug", new { slug, before = (now - FlowLifetime).ToUnixTimeMilliseconds() });
                await session.ExecuteAsync(
                    """
                    insert into provider_registrations (state_hash, slug, name, api_url, web_url, created_at, bound_to, organization, features, public_url)
                    values (@hash, @slug, @Name, @api, @web, @now, @BoundTo, @Organization, @features, @PublicUrl)
                    """,
                    new
                    {
                        hash = Hash(state),
                        slug,
                        wanted.Name,
                        api = wanted.Host.Api.ToString(),
                        web = wanted.Host.Web.ToString(),
                        now = now.ToUnixTimeMilliseconds(),
                        wanted.BoundTo,
                        wanted.Organization,
                        wanted.PublicUrl,
                        features = ProviderFeature.Text(wanted.Features),
                    });
            },
            cancellation);
        var page = wanted.Organization is null ? "settings/apps/new" : $"organizations/{Uri.EscapeDataString(wanted.Organization)}/settings/apps/new";
        return new ManifestForm($"{wanted.Host.Web.ToString().TrimEnd('/')}/{page}?state={state}", AppManifest.Build(slug, wanted), state);
    }

    /// <summary>
    /// Exchanges the code that GitHub gave the browser. The credentials exist nowhere else from then on, so they are stored
    /// before anything else is done.
    /// </summary>
    /// <param name="code">As GitHub gave it.</param>
    /// <param name="state">As GitHub gave it back.</param>
    /// <param name="boundTo">The session of the browser that brings them; null for the API.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="cancellation">Ends the exchange, not the storing.</param>
    public async Task<Registered> CompleteAsync(string code, string state, byte[]? boundTo, string by, CancellationToken cancellation)
    {
        var hash = Hash(state);
        var pending = await database.ReadAsync(
            session => session.FirstAsync<Pending>(
                "select slug, name, api_url, web_url, bound_to, organization, features, public_url from provider_registrations where state_hash = @hash and created_at > @after",
                new { hash, after = (time.GetUtcNow() - FlowLifetime).ToUnixTimeMilliseconds() }),
            cancellation);
        if (pending is null || !(pending.BoundTo ?? []).AsSpan().SequenceEqual(boundTo ?? []))
        {
            throw new RegistrationException(
                pending is null
                    ? "This registration was not begun here, or more than an hour ago, or it is done already; its code is not taken. Look whether the provider is there, or begin again."
                    : "This registration was begun in another browser or session, so its code is not taken here and nothing was stored. Begin again in this one.",
                "state");
        }

        var host = GitHubHost.Parse(pending.ApiUrl, pending.WebUrl);

        // The code works once: what it brings must find its place.
        await vault.CheckAsync(cancellation);
        var app = await GitHubConnection.ConvertManifestAsync(host, code, new GitHubConnectionOptions { Time = time }, cancellation);

        var webhookSecret = app.WebhookSecret ?? RepositoryHooks.NewSecret();
        var provider = new Provider
        {
            Slug = pending.Slug,
            Name = pending.Name,
            ApiUrl = pending.ApiUrl,
            WebUrl = pending.WebUrl,
            Features = pending.Features,
            PublicUrl = pending.PublicUrl,
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

        return new Registered(provider, pending.Organization);
    }

    /// <summary>Registers an existing App from its id and key; checked at once with <c>GET /app</c>.</summary>
    public async Task<Provider> AddAppAsync(
        GitHubHost host, string? name, string issuer, string privateKey, string? webhookSecret, string? clientSecret, string by, CancellationToken cancellation)
    {
        using var signer = PemAppSigner.Parse(privateKey);
        return await AddAppAsync(host, name, issuer, signer, new Provider(), new(StringComparer.Ordinal) { [ProviderSecret.PrivateKey] = privateKey, [ProviderSecret.WebhookSecret] = webhookSecret, [ProviderSecret.ClientSecret] = clientSecret }, by, cancellation);
    }

    /// <summary>The same with a key that stays in a vault and signs there; which of its versions is kept.</summary>
    public async Task<Provider> AddAppWithKeyInAsync(
        GitHubHost host, string? name, string issuer, string keyIn, string? webhookSecret, string? clientSecret, string by, CancellationToken cancellation)
    {
        using var signer = await keys.OpenAsync(keyIn, cancellation);
        return await AddAppAsync(
            host, name, issuer, signer, new Provider { KeyIn = signer.KeyIn, KeyFingerprint = signer.Fingerprint }, new(StringComparer.Ordinal) { [ProviderSecret.WebhookSecret] = webhookSecret, [ProviderSecret.ClientSecret] = clientSecret }, by, cancellation);
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
            Features = ProviderFeature.Text(ProviderFeature.Of(app.Permissions)),
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

    private sealed record Pending
    {
        public string Slug { get; init; } = "";

        public string Name { get; init; } = "";

        public string ApiUrl { get; init; } = "";

        public string WebUrl { get; init; } = "";

        public byte[]? BoundTo { get; init; }

        public string? Organization { get; init; }

        public string Features { get; init; } = "";

        public string? PublicUrl { get; init; }
    }
}
