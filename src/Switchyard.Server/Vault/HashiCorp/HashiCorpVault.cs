using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>HashiCorp Vault or OpenBao: the KV secrets engine, version 2. A reference is <c>mount:path</c>, so that another setting orphans nothing.</summary>
internal sealed class HashiCorpVault(HashiCorpVaultOptions options, HashiCorpClient client) : ISecretStore
{
    private const string Value = "value";

    public string Kind => VaultKind.HashiCorp;

    public string Place => client.Address.ToString();

    public string NewReference() => $"{options.Mount.Trim('/')}:{options.Path.Trim('/')}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}".Replace(":/", ":", StringComparison.Ordinal);

    public async Task<SealedSecret> WriteAsync(string reference, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var body = new JsonObject { ["data"] = new JsonObject { [Value] = Convert.ToBase64String(value.Span) } };
        var written = await client.RequireAsync("store a secret", HttpMethod.Post, PathOf(reference, "data"), body, cancellation);
        return new SealedSecret(Kind, reference, VaultJson.Text(written, "data", "version"), "ID:" + reference[^16..]);
    }

    public async Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation)
    {
        var what = $"read the secret {kept.Name} of {kept.Scope}";
        var query = kept.Version is null ? "" : "?version=" + kept.Version;
        var found = await client.RequireAsync(what, HttpMethod.Get, PathOf(kept.Reference, "data") + query, null, cancellation);
        return VaultJson.Decode(VaultJson.Text(found, "data", "data", Value), "HashiCorp Vault", what);
    }

    public async Task DeleteAsync(string reference, string? version, CancellationToken cancellation)
    {
        const string What = "remove a secret";
        var answer = await client.SendAsync(What, HttpMethod.Delete, PathOf(reference, "metadata"), null, cancellation);
        if (answer.Status == 403)
        {
            // A policy may grant destroying versions alone; what is left then holds no value.
            var number = int.Parse(version ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);
            answer = await client.SendAsync(What, HttpMethod.Post, PathOf(reference, "destroy"), new JsonObject { ["versions"] = new JsonArray(number) }, cancellation);
        }

        if (!answer.IsSuccess && answer.Status != 404)
        {
            throw client.Refused(What, answer);
        }
    }

    public async Task<string> DescribeAsync(CancellationToken cancellation)
    {
        var mount = options.Mount.Trim('/');
        var answer = await client.SendAsync("look at its secrets engine", HttpMethod.Get, "sys/internal/ui/mounts/" + mount, null, cancellation);
        if (!answer.IsSuccess)
        {
            throw client.Refused($"look at the secrets engine \"{mount}\"", answer);
        }

        var found = VaultJson.Read(answer);
        return VaultJson.Text(found, "data", "type") is "kv" && VaultJson.Text(found, "data", "options", "version") is "2"
            ? $"at {client.Address}, secrets engine \"{mount}\", folder \"{options.Path}\""
            : throw new VaultException($"The secrets engine \"{mount}\" of HashiCorp Vault at {client.Address} is not KV version 2. Name another in Vault:HashiCorp:Mount, or make one: vault secrets enable -path={mount} kv-v2");
    }

    private static string PathOf(string reference, string part)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        return $"{reference[..colon]}/{part}/{reference[(colon + 1)..]}";
    }
}
