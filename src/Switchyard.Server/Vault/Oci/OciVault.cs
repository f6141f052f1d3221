using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.Oci;

/// <summary>Oracle OCI Vault's secrets. Its shortest way to remove one is a deletion that is due in a day.</summary>
internal sealed class OciVault(OciVaultOptions options, OciClient management, OciClient retrieval, TimeProvider time) : ISecretStore
{
    private static readonly TimeSpan SoonestDeletion = TimeSpan.FromHours(25);

    // A secret is made within seconds, and cannot be read before.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private const int MostLooks = 30;

    public string Kind => VaultKind.Oci;

    public string Place => options.VaultId!;

    public string NewReference() => "switchyard-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public async Task<SealedSecret> WriteAsync(string reference, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["compartmentId"] = options.CompartmentId,
            ["vaultId"] = options.VaultId,
            ["keyId"] = options.KeyId,
            ["secretName"] = reference,
            ["description"] = "Of Switchyard",
            ["secretContent"] = new JsonObject { ["contentType"] = "BASE64", ["content"] = Convert.ToBase64String(value.Span), ["stage"] = "CURRENT" },
        };
        var written = await management.RequireAsync("store a secret", HttpMethod.Post, "20180608/secrets", body, cancellation);
        for (var looks = 0; VaultJson.Text(written, "lifecycleState") == "CREATING" && looks < MostLooks; looks++)
        {
            await Task.Delay(BetweenLooks, time, cancellation);
            written = await management.RequireAsync("look at a new secret", HttpMethod.Get, "20180608/secrets/" + VaultJson.Text(written, "id"), null, cancellation);
        }

        return new SealedSecret(Kind, reference, VaultJson.Text(written, "currentVersionNumber") ?? "1", "ID:" + reference[^16..]);
    }

    public async Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation)
    {
        var what = $"read the secret {kept.Name} of {kept.Scope}";
        var query = $"20190301/secretbundles/actions/getByName?secretName={kept.Reference}&vaultId={options.VaultId}" + (kept.Version is null ? "" : "&versionNumber=" + kept.Version);
        var found = await retrieval.RequireAsync(what, HttpMethod.Post, query, null, cancellation);
        return VaultJson.Decode(VaultJson.Text(found, "secretBundleContent", "content"), "OCI Vault", what);
    }

    public async Task DeleteAsync(string reference, string? version, CancellationToken cancellation)
    {
        const string What = "remove a secret";
        var list = await management.RequireAsync(
            What, HttpMethod.Get, $"20180608/secrets?compartmentId={options.CompartmentId}&name={reference}&vaultId={options.VaultId}", null, cancellation);
        foreach (var found in (list as JsonArray ?? []).Where(found => VaultJson.Text(found, "lifecycleState") is not ("DELETED" or "PENDING_DELETION" or "SCHEDULING_DELETION")))
        {
            var due = (time.GetUtcNow() + SoonestDeletion).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            await management.RequireAsync(
                What, HttpMethod.Post, $"20180608/secrets/{VaultJson.Text(found, "id")}/actions/scheduleDeletion", new JsonObject { ["timeOfDeletion"] = due }, cancellation);
        }
    }

    public async Task<string> DescribeAsync(CancellationToken cancellation)
    {
        await management.RequireAsync(
            "look whether secrets can be listed", HttpMethod.Get, $"20180608/secrets?compartmentId={options.CompartmentId}&name=switchyard-is-not-there&vaultId={options.VaultId}", null, cancellation);
        return $"at {management.Address}, vault {options.VaultId}";
    }
}
