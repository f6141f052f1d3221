using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Providers;

/// <summary>Providers and their installations as the API tells them.</summary>
internal sealed class ProviderView(Database database, SecretVault vault, ProviderConnections connections, IOptions<ProviderOptions> options, TimeProvider time)
{
    /// <summary>Of how many Deliveries, of all providers, the share of failed ones is told.</summary>
    private const int Recent = 5000;

    public async Task<ProviderResource> ShowAsync(Provider provider, CancellationToken cancellation)
    {
        var secrets = await vault.ListAsync(provider.SecretScope, cancellation);
        var counts = await database.ReadAsync(session => session.FirstAsync<Counts>(
            """
            select (select count(*) from installations where provider_id = @Id and state <> 'Removed') as installations,
              (select count(*) from repository_hooks where provider_id = @Id) as hooks
            """,
            new { provider.Id }), cancellation);
        var features = ProviderFeature.Parse(provider.Features);
        return new ProviderResource(
            provider.Id.ToString(CultureInfo.InvariantCulture),
            provider.Slug,
            provider.Kind,
            provider.Name,
            provider.ApiUrl,
            provider.WebUrl,
            provider.AppId?.ToString(CultureInfo.InvariantCulture),
            provider.ClientId,
            provider.AppSlug,
            provider.OwnerLogin,
            provider.OwnerType,
            provider.HtmlUrl,
            provider.AppSlug is null ? null : InstallUrlOf(provider),
            "/webhooks/" + provider.Slug,
            provider.KeyIn,
            provider.KeyFingerprint,
            provider.Health,
            provider.Reason,
            DateTimeOffset.FromUnixTimeMilliseconds(provider.CreatedAt),
            secrets.ConvertAll(secret => new ProviderSecretResource(secret.Name, true, secret.UpdatedAt, secret.SetBy, secret.Fingerprint)),
            features,
            provider.Kind == ProviderKind.App ? PermissionsOf(features, provider.AppPermissions) : [],
            SettingsUrlOf(provider),
            SettingsUrlOf(provider) is { } settings ? settings + "/advanced" : null,
            provider.PublicUrl ?? options.Value.PublicUrl,
            provider.ListedAt is { } listed ? DateTimeOffset.FromUnixTimeMilliseconds(listed) : null,
            counts!.Installations,
            counts.Hooks,
            await LastDeliveryAsync(provider.Id, cancellation),
            LimitOf(provider.Id));
    }

    public static InstallationResource Show(InstallationRow row)
    {
        using var permissions = row.Permissions is null ? null : JsonDocument.Parse(row.Permissions);
        var page = InstallationReason.SettingsUrl(row.WebUrl, row.AccountLogin, row.AccountType, row.GithubId);
        return new InstallationResource(
            row.Id.ToString(CultureInfo.InvariantCulture),
            row.Provider,
            row.GithubId.ToString(CultureInfo.InvariantCulture),
            row.AccountLogin,
            row.AccountType,
            row.State,
            row.RepositorySelection,
            permissions?.RootElement.Clone(),
            row.Reason,
            page,
            DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
            row.State == InstallationState.Removed ? [] : MissingOf(row),
            page + "/permissions/update",
            row.Repositories);
    }

    /// <summary>The App's own page of settings, for who owns it.</summary>
    private static string? SettingsUrlOf(Provider provider) => provider.AppSlug is null ? null
        : $"{provider.WebUrl.TrimEnd('/')}{(provider.OwnerType == "Organization" ? $"/organizations/{Uri.EscapeDataString(provider.OwnerLogin!)}" : "")}/settings/apps/{Uri.EscapeDataString(provider.AppSlug)}";

    private static string InstallUrlOf(Provider provider)
    {
        var web = provider.WebUrl.TrimEnd('/');
        return web == "https://github.com" || web.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase)
            ? $"{web}/apps/{provider.AppSlug}/installations/new"
            : $"{web}/github-apps/{provider.AppSlug}/installations/new";
    }

    private static List<PermissionResource> PermissionsOf(IReadOnlyList<string> features, string? asked)
    {
        var known = Read(asked);
        return [.. AppManifest.PermissionsOf(features).Select(need => new PermissionResource(need.Name, need.Level, known is null ? null : known.GetValueOrDefault(need.Name, "none"), need.Why))];
    }

    /// <summary>What the App asks for and the account has not granted: an owner has yet to accept it.</summary>
    private static List<string> MissingOf(InstallationRow row)
    {
        var granted = Read(row.Permissions) ?? [];
        return [.. (Read(row.AppPermissions) ?? []).Where(asked => Rank(granted.GetValueOrDefault(asked.Key)) < Rank(asked.Value)).Select(asked => $"{asked.Key}: {asked.Value}").Order(StringComparer.Ordinal)];
    }

    private static int Rank(string? level) => level switch { "read" => 1, "write" => 2, "admin" => 3, _ => 0 };

    private static Dictionary<string, string>? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(json);

    private RateLimitResource? LimitOf(long provider)
    {
        var now = time.GetUtcNow();
        return connections.RateLimitsOf(provider).Where(limit => limit is { Limit: > 0, Remaining: not null } && limit.ResetAt > now).MinBy(limit => (double)limit.Remaining!.Value / limit.Limit!.Value) is { } least
            ? new RateLimitResource(least.Limit!.Value, least.Remaining!.Value, least.ResetAt)
            : null;
    }

    private async Task<LastDeliveryResource?> LastDeliveryAsync(long provider, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(session => session.FirstAsync<LastRow>(
            """
            select d.id, d.event, d.state, d.received_at, r.recent, r.failed from
              (select max(id) as id, count(*) as recent, coalesce(sum(case when state in ('Failed', 'Dead') then 1 else 0 end), 0) as failed
               from deliveries where provider_id = @provider and id > (select coalesce(max(id), 0) from deliveries) - @Recent) r
            join deliveries d on d.id = r.id
            """,
            new { provider, Recent }), cancellation);
        return row is null ? null : new LastDeliveryResource(row.Id.ToString(CultureInfo.InvariantCulture), row.Event, row.State, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt), row.Recent, row.Failed);
    }

    private sealed record Counts
    {
        public long Installations { get; init; }

        public long Hooks { get; init; }
    }

    private sealed record LastRow
    {
        public long Id { get; init; }

        public string Event { get; init; } = "";

        public string State { get; init; } = "";

        public long ReceivedAt { get; init; }

        public long Recent { get; init; }

        public long Failed { get; init; }
    }
}
