using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Core;

namespace Switchyard.Tests.Server.Vault.Fakes;

/// <summary>Azure Key Vault 7.4: secrets with soft deletion, keys that sign. It takes only tokens that its own credential gave.</summary>
internal sealed class FakeAzureVault : VaultFake
{
    private readonly Dictionary<string, (string Version, string Value)> secrets = [];
    private readonly Dictionary<string, string> deleted = [];
    private readonly Dictionary<string, RSA> keys = [];
    private readonly HashSet<string> tokens = [];

    public FakeAzureVault() => Credential = new Issuer(this);

    public Issuer Credential { get; }

    public override IReadOnlyList<string> Values => [.. secrets.Values.Select(secret => secret.Value), .. deleted.Values];

    public override VaultReply Refusal(int status, string words) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["code"] = status == 403 ? "Forbidden" : "Because", ["message"] = words } });

    /// <summary>The key at <c>keys/NAME/VERSION</c>; the last one added is the current version.</summary>
    public void AddKey(string name, string version, RSA key) => keys[$"/keys/{name}/{version}"] = keys[$"/keys/{name}"] = key;

    protected override VaultReply Answer(VaultRequest request)
    {
        if (request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] || !tokens.Contains(token))
        {
            return Refusal(401, "AKV10032: Invalid issuer.");
        }

        return request.Query["api-version"] != "7.4" ? Refusal(400, "api-version is missing") : request.Path.Split('/') switch
        {
            ["", "secrets", var name] when request.Method == "PUT" => Set(name, request.Json),
            ["", "secrets", var name, .. var version] when request.Method == "GET" => Get(name, version.Length == 1 ? version[0] : null),
            ["", "secrets", var name] when request.Method == "DELETE" => Delete(name),
            ["", "deletedsecrets", var name] when request.Method == "DELETE" => deleted.Remove(name) ? new VaultReply(204) : Refusal(404, $"Deleted Secret not found: {name}"),
            ["", "keys", ..] => Key(request),
            _ => Refusal(404, "no such path"),
        };
    }

    private VaultReply Set(string name, JsonObject body)
    {
        var version = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        secrets[name] = (version, body["value"]!.GetValue<string>());
        return new VaultReply(200, new JsonObject { ["id"] = $"{Address}secrets/{name}/{version}", ["value"] = secrets[name].Value });
    }

    private VaultReply Get(string name, string? version) =>
        secrets.TryGetValue(name, out var secret) && (version is null || version == secret.Version)
            ? new VaultReply(200, new JsonObject { ["id"] = $"{Address}secrets/{name}/{secret.Version}", ["value"] = secret.Value })
            : Refusal(404, $"A secret with (name/id) {name} was not found in this key vault.");

    private VaultReply Delete(string name)
    {
        if (!secrets.Remove(name, out var secret))
        {
            return Refusal(404, $"A secret with (name/id) {name} was not found in this key vault.");
        }

        deleted[name] = secret.Value;
        return new VaultReply(200, new JsonObject { ["recoveryId"] = $"{Address}deletedsecrets/{name}" });
    }

    private VaultReply Key(VaultRequest request)
    {
        var signs = request.Path.EndsWith("/sign", StringComparison.Ordinal);
        var path = signs ? request.Path[..^5] : request.Path;
        if (!keys.TryGetValue(path, out var key))
        {
            return Refusal(404, $"A key with (name/id) {path} was not found in this key vault.");
        }

        var kid = Address.ToString().TrimEnd('/') + keys.Last(pair => pair.Value == key && pair.Key.Split('/').Length == 4).Key;
        if (!signs)
        {
            var facts = key.ExportParameters(false);
            return new VaultReply(200, new JsonObject
            {
                ["key"] = new JsonObject { ["kid"] = kid, ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(facts.Modulus), ["e"] = Base64Url.EncodeToString(facts.Exponent) },
                ["attributes"] = new JsonObject { ["enabled"] = true },
            });
        }

        var hash = Base64Url.DecodeFromChars(request.Json["value"]!.GetValue<string>());
        return request.Json["alg"]!.GetValue<string>() != "RS256" || hash.Length != 32
            ? Refusal(400, "The digest has the wrong length for the algorithm.")
            : new VaultReply(200, new JsonObject { ["kid"] = kid, ["value"] = Base64Url.EncodeToString(key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) });
    }

    /// <summary>What stands for Entra ID.</summary>
    internal sealed class Issuer(FakeAzureVault vault) : TokenCredential
    {
        public int Given { get; private set; }

        public string? Scope { get; private set; }

        public DateTimeOffset ExpiresOn { get; set; } = DateTimeOffset.MaxValue;

        /// <summary>No token given so far is taken any more.</summary>
        public void Revoke() => vault.tokens.Clear();

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Given++;
            Scope = requestContext.Scopes[0];
            var token = $"entra-{Given}";
            vault.tokens.Add(token);
            return new AccessToken(token, ExpiresOn);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
