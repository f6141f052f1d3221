using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>Keys of the transit secrets engine: <c>transit/NAME</c>, or with a version behind it. Another version is another key to GitHub.</summary>
internal sealed class TransitKeys(HashiCorpClient client) : IRemoteKeys
{
    public string Kind => VaultKind.HashiCorp;

    public async Task<RemoteKey> FindAsync(string place, CancellationToken cancellation)
    {
        var parts = place.Trim('/').Split('/');
        var pinned = parts.Length > 2 && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var named = pinned is null ? parts : parts[..^1];
        if (named.Length < 2 || !Array.TrueForAll(named, IsName))
        {
            throw new VaultException($"\"hashicorp:{place}\" names no key. Write hashicorp:transit/NAME: the mount of the transit engine and the key's name.");
        }

        var (mount, name) = (string.Join('/', named[..^1]), named[^1]);
        var found = await client.RequireAsync($"look at the transit key {name}", HttpMethod.Get, $"{mount}/keys/{name}", null, cancellation);
        var version = pinned?.ToString(CultureInfo.InvariantCulture) ?? VaultJson.Text(found, "data", "latest_version") ?? "1";
        var type = VaultJson.Text(found, "data", "type");
        if (type?.StartsWith("rsa-", StringComparison.Ordinal) != true)
        {
            throw new VaultException($"The transit key {name} is of type {type}; GitHub Apps sign with RSA. Import the App's key, or make one of type rsa-2048 and upload it where GitHub takes it.");
        }

        var publicKey = VaultJson.Text(found, "data", "keys", version, "public_key")
            ?? throw new VaultException($"The transit key {name} has no version {version}. It was rotated or trimmed in the vault; register the App again with the version that GitHub knows: hashicorp:{mount}/{name}/VERSION.");
        var rsa = RSA.Create();
        rsa.ImportFromPem(publicKey);
        return new RemoteKey($"{Kind}:{mount}/{name}/{version}", rsa, (data, end) => SignAsync(mount, name, version, data, end));
    }

    private async Task<byte[]> SignAsync(string mount, string name, string version, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        var what = $"sign with version {version} of the transit key {name}";
        var body = new JsonObject
        {
            ["input"] = Convert.ToBase64String(data.Span),
            ["key_version"] = int.Parse(version, NumberStyles.None, CultureInfo.InvariantCulture),
            ["signature_algorithm"] = "pkcs1v15",
        };
        var signed = await client.RequireAsync(what, HttpMethod.Post, $"{mount}/sign/{name}/sha2-256", body, cancellation);

        // vault:v1:BASE64
        return VaultJson.Decode(VaultJson.Text(signed, "data", "signature")?.Split(':')[^1], "HashiCorp Vault", what);
    }

    private static bool IsName(string part) => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && part.Any(char.IsAsciiLetterOrDigit);
}
