using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.Azure;

/// <summary>Azure Key Vault's secrets.</summary>
internal sealed class AzureVault(AzureClient client) : ISecretStore
{
    public string Kind => VaultKind.Azure;

    public string Place => client.Address.ToString();

    public string NewReference() => "switchyard-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public async Task<SealedSecret> WriteAsync(string reference, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["value"] = Convert.ToBase64String(value.Span),
            ["contentType"] = "application/octet-stream; base64",
            ["tags"] = new JsonObject { ["application"] = "switchyard" },
        };
        var written = await client.RequireAsync("store a secret", HttpMethod.Put, "secrets/" + reference, body, cancellation);

        // https://NAME.vault.azure.net/secrets/REFERENCE/VERSION
        var version = VaultJson.Text(written, "id")?.Split('/')[^1];
        return new SealedSecret(Kind, reference, version, "ID:" + reference[^16..]);
    }

    public async Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation)
    {
        var what = $"read the secret {kept.Name} of {kept.Scope}";
        var found = await client.RequireAsync(what, HttpMethod.Get, $"secrets/{kept.Reference}/{kept.Version}".TrimEnd('/'), null, cancellation);
        return VaultJson.Decode(VaultJson.Text(found, "value"), "Azure Key Vault", what);
    }

    /// <summary>Deletes and purges. Where purging is not granted or the vault forbids it, the vault keeps the deleted secret for its own time.</summary>
    public async Task DeleteAsync(string reference, string? version, CancellationToken cancellation)
    {
        const string What = "remove a secret";
        var deleted = await client.SendAsync(What, HttpMethod.Delete, "secrets/" + reference, null, cancellation);
        if (!deleted.IsSuccess && deleted.Status != 404)
        {
            throw client.Refused(What, deleted);
        }

        var purged = await client.SendAsync(What, HttpMethod.Delete, "deletedsecrets/" + reference, null, cancellation);
        var isGone = purged.IsSuccess || purged.Status is 400 or 403 || (purged.Status == 404 && deleted.Status == 404);
        if (!isGone)
        {
            // Deleting takes a while, and only then it can be purged: the next round does.
            throw client.Refused("purge a secret", purged);
        }
    }

    public async Task<string> DescribeAsync(CancellationToken cancellation)
    {
        // Needs no more than what reading does: any answer but a refusal shows that the vault takes our token.
        const string What = "look whether secrets can be read";
        var answer = await client.SendAsync(What, HttpMethod.Get, "secrets/switchyard-is-not-there", null, cancellation);
        return answer.IsSuccess || answer.Status == 404 ? $"at {client.Address}" : throw client.Refused(What, answer);
    }
}
