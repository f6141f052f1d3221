using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Vault.Azure;

/// <summary>Keys of Azure Key Vault: <c>https://NAME.vault.azure.net/keys/KEY</c>, or with a version behind it.</summary>
internal sealed class AzureKeys(AzureClient client) : IRemoteKeys
{
    public string Kind => VaultKind.Azure;

    public async Task<RemoteKey> FindAsync(string place, CancellationToken cancellation)
    {
        // Only the vault of the settings is shown our token.
        if (!Uri.TryCreate(place, UriKind.Absolute, out var url) || url.GetLeftPart(UriPartial.Authority) != client.Address.GetLeftPart(UriPartial.Authority))
        {
            throw new VaultException($"\"azure:{place}\" is no key of the vault in Vault:Azure:Url ({client.Address}). Write azure:{client.Address}keys/KEY/VERSION.");
        }

        var path = url.AbsolutePath.Trim('/');
        if (path.Split('/') is not ["keys", { Length: > 0 }] and not ["keys", { Length: > 0 }, { Length: > 0 }])
        {
            throw new VaultException($"\"azure:{place}\" names no key. Write azure:{client.Address}keys/KEY/VERSION.");
        }

        var found = await client.RequireAsync($"look at {path}", HttpMethod.Get, path, null, cancellation);
        var type = VaultJson.Text(found, "key", "kty");
        if (type is not ("RSA" or "RSA-HSM") || VaultJson.Text(found, "attributes", "enabled") == "false")
        {
            throw new VaultException($"The key {place} is of type {type} or is disabled; GitHub Apps sign with an enabled RSA key.");
        }

        var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(VaultJson.Text(found, "key", "n")),
            Exponent = Base64Url.DecodeFromChars(VaultJson.Text(found, "key", "e")),
        });

        // The key's id has its version, whether it was asked for by one or not.
        var pinned = new Uri(VaultJson.Text(found, "key", "kid")!).AbsolutePath.Trim('/');
        return new RemoteKey($"{Kind}:{client.Address}{pinned}", rsa, (data, end) => SignAsync(pinned, data, end));
    }

    private async Task<byte[]> SignAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        var body = new JsonObject { ["alg"] = "RS256", ["value"] = Base64Url.EncodeToString(SHA256.HashData(data.Span)) };
        var signed = await client.RequireAsync($"sign with {path}", HttpMethod.Post, path + "/sign", body, cancellation);
        return Base64Url.DecodeFromChars(VaultJson.Text(signed, "value"));
    }
}
