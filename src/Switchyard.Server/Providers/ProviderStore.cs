using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>The rows of providers and their installations.</summary>
internal sealed class ProviderStore(Database database, TimeProvider time) : IProviderNames
{
    private const string Columns =
        "id, slug, kind, name, api_url, web_url, app_id, client_id, app_slug, owner_login, owner_type, html_url, key_in, key_fingerprint, health, reason, created_at, listed_at, features, app_permissions, public_url";

    private const string InstallationColumns =
        """
        i.id, i.provider_id, p.slug as provider, i.github_id, i.account_login, i.account_type, i.state, i.repository_selection, i.permissions,
        i.reason, i.created_at, i.updated_at, p.web_url, p.app_permissions,
        (select count(*) from repositories r where r.installation_id = i.id and r.unlinked = 0) as repositories
        """;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<List<Provider>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<Provider>($"select {Columns} from providers order by id"), cancellation);

    public Task<(List<Provider> Rows, long Total)> ListAsync(PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<Provider>(
                    $"select {Columns} from providers where id > @after order by id limit @limit", new { after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from providers")),
            cancellation);

    public async Task<IReadOnlyList<(long Id, string Slug)>> ListNamesAsync(CancellationToken cancellation) =>
        (await ListAsync(cancellation)).ConvertAll(provider => (provider.Id, provider.Slug));

    public Task<Provider?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Provider>($"select {Columns} from providers where id = @id", new { id }), cancellation);

    public Task<Provider?> FindAsync(string slug, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Provider>($"select {Columns} from providers where slug = @slug", new { slug }), cancellation);

    /// <summary>What changes with the credentials of each provider, and with nothing else: not when they are moved to another vault.</summary>
    public Task<Dictionary<long, string>> ListCredentialsAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.QueryAsync<CredentialStamp>(
                $"""
                select p.id, coalesce(p.key_in, '') || '/' || (select count(*) || '/' || coalesce(max(s.updated_at), 0) from secrets s
                  where s.scope = 'provider:' || p.id and s.name in ('{ProviderSecret.PrivateKey}', '{ProviderSecret.PreviousPrivateKey}', '{ProviderSecret.Token}')) as stamp
                from providers p
                """)).ToDictionary(row => row.Id, row => row.Stamp),
            cancellation);

    private sealed record CredentialStamp
    {
        public long Id { get; init; }

        public string Stamp { get; init; } = "";
    }

    public async Task<long> AddAsync(DbSession session, Provider provider) =>
        await session.ScalarAsync<long>(
            """
            insert into providers (slug, kind, name, api_url, web_url, app_id, client_id, app_slug, owner_login, owner_type, html_url, key_in, key_fingerprint, health, features, public_url, created_at, updated_at, wanted_listing)
            values (@Slug, @Kind, @Name, @ApiUrl, @WebUrl, @AppId, @ClientId, @AppSlug, @OwnerLogin, @OwnerType, @HtmlUrl, @KeyIn, @KeyFingerprint, @Health, @Features, @PublicUrl, @Now, @Now, 1)
            returning id
            """,
            new
            {
                provider.Slug,
                provider.Kind,
                provider.Name,
                provider.ApiUrl,
                provider.WebUrl,
                provider.AppId,
                provider.ClientId,
                provider.AppSlug,
                provider.OwnerLogin,
                provider.OwnerType,
                provider.HtmlUrl,
                provider.KeyIn,
                provider.KeyFingerprint,
                provider.Health,
                provider.Features,
                provider.PublicUrl,
                Now,
            });

    /// <summary>A slug that no provider has: the name in lower case, numbered where it is taken.</summary>
    public Task<string> FreeSlugAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                // Not the names that stand beside slugs in addresses.
                string[] taken = [.. await session.QueryAsync<string>("select slug from providers"), "new", "callback", "manifest", "probe", "requests"];
                var wanted = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
                wanted = wanted.Length == 0 ? "github" : wanted;
                var slug = wanted;
                for (var number = 2; taken.Contains(slug, StringComparer.Ordinal); number++)
                {
                    slug = $"{wanted}-{number}";
                }

                return slug;
            },
            cancellation);

    public Task SetHealthAsync(long id, string health, string? reason, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "update providers set health = @health, reason = @reason, updated_at = @Now where id = @id and (health <> @health or coalesce(reason, '') <> coalesce(@reason, ''))",
                new { id, health, reason, Now }),
            cancellation);

    /// <summary>Asks for the installations to be listed again, in the caller's transaction.</summary>
    public static Task WantListingAsync(DbSession session, long providerId) =>
        session.ExecuteAsync("update providers set wanted_listing = wanted_listing + 1 where id = @providerId", new { providerId });

    /// <summary>A page of the installations, of one provider where one is named by its slug.</summary>
    public Task<(List<InstallationRow> Rows, long Total)> ListInstallationsAsync(string? provider, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<InstallationRow>(
                    $"""
                    select {InstallationColumns} from installations i join providers p on p.id = i.provider_id
                    where (@provider is null or p.slug = @provider) and i.id > @after order by i.id limit @limit
                    """,
                    new { provider, after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>(
                    "select count(*) from installations i join providers p on p.id = i.provider_id where @provider is null or p.slug = @provider", new { provider })),
            cancellation);

    public Task<List<InstallationRow>> ListInstallationsAsync(long? providerId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<InstallationRow>(
                $"""
                select {InstallationColumns} from installations i join providers p on p.id = i.provider_id
                where @providerId is null or i.provider_id = @providerId order by i.id
                """,
                new { providerId }),
            cancellation);

    /// <summary>
    /// Brings one installation in step with what GitHub says of it. A change asks for its repositories to be listed again, and
    /// gives the row's id.
    /// </summary>
    public async Task<long?> UpsertInstallationAsync(DbSession session, InstallationRow installation) =>
        await session.FirstAsync<long?>(
            """
            insert into installations (provider_id, github_id, account_login, account_type, state, repository_selection, permissions, reason, created_at, updated_at, wanted_listing)
            values (@ProviderId, @GithubId, @AccountLogin, @AccountType, @State, @RepositorySelection, @Permissions, @Reason, @Now, @Now, 1)
            on conflict (provider_id, github_id) do update set
              account_login = excluded.account_login, account_type = excluded.account_type, state = excluded.state,
              repository_selection = excluded.repository_selection, permissions = excluded.permissions, reason = excluded.reason,
              updated_at = excluded.updated_at, wanted_listing = installations.wanted_listing + 1
            where installations.account_login <> excluded.account_login or installations.state <> excluded.state
              or coalesce(installations.repository_selection, '') <> coalesce(excluded.repository_selection, '')
              or coalesce(installations.permissions, '') <> coalesce(excluded.permissions, '')
            returning id
            """,
            new
            {
                installation.ProviderId,
                installation.GithubId,
                installation.AccountLogin,
                installation.AccountType,
                installation.State,
                installation.RepositorySelection,
                installation.Permissions,
                installation.Reason,
                Now,
            });

    /// <summary>
    /// Brings the requests in step with what GitHub lists. One that is listed no longer was approved, if the App is installed there
    /// now, and else declined or withdrawn, of which GitHub does not tell which.
    /// </summary>
    public async Task KeepRequestsAsync(DbSession session, long providerId, IReadOnlyList<GitHubInstallationRequest> listed, IReadOnlyCollection<string> installedOn)
    {
        foreach (var request in listed)
        {
            await session.ExecuteAsync(
                """
                insert into installation_requests (provider_id, github_id, account_login, requester_login, state, created_at, updated_at)
                values (@providerId, @Id, @account, @requester, 'Requested', @at, @Now)
                on conflict (provider_id, github_id) do update set state = 'Requested' where installation_requests.state <> 'Requested'
                """,
                new { providerId, request.Id, account = request.Account?.Login ?? "", requester = request.Requester?.Login ?? "", at = request.CreatedAt?.ToUnixTimeMilliseconds() ?? Now, Now });
        }

        foreach (var open in await session.QueryAsync<InstallationRequestRow>("select id, github_id, account_login from installation_requests where provider_id = @providerId and state = 'Requested'", new { providerId }))
        {
            if (!listed.Any(request => request.Id == open.GithubId))
            {
                var state = installedOn.Contains(open.AccountLogin, StringComparer.OrdinalIgnoreCase) ? "Approved" : "Declined";
                await session.ExecuteAsync("update installation_requests set state = @state, updated_at = @Now where id = @Id", new { state, open.Id, Now });
            }
        }
    }

    public Task<(List<InstallationRequestRow> Rows, long Total)> ListRequestsAsync(string? provider, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                await session.QueryAsync<InstallationRequestRow>(
                    """
                    select r.id, p.slug as provider, r.github_id, r.account_login, r.requester_login, r.state, r.created_at, r.updated_at
                    from installation_requests r join providers p on p.id = r.provider_id
                    where (@provider is null or p.slug = @provider) and r.id > @after order by r.id limit @limit
                    """,
                    new { provider, after = page.AfterId ?? 0, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>("select count(*) from installation_requests r join providers p on p.id = r.provider_id where @provider is null or p.slug = @provider", new { provider })),
            cancellation);

    /// <summary>The installation is gone from GitHub; what was mirrored through it stays.</summary>
    public async Task MarkRemovedAsync(DbSession session, long id) =>
        await session.ExecuteAsync(
            $"""
            update installations set state = '{InstallationState.Removed}', removed_at = @Now, updated_at = @Now, wanted_listing = wanted_listing + 1,
              reason = 'The App was uninstalled from this account. Install it again to go on; nothing was deleted here.'
            where id = @id and state <> '{InstallationState.Removed}'
            """,
            new { id, Now });
}
