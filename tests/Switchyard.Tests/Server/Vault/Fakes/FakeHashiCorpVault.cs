using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.Server.Vault.Fakes;

/// <summary>HashiCorp Vault: tokens with a life, AppRole and Kubernetes logins, KV version 2 at <c>secret</c>, transit. It can be sealed.</summary>
internal sealed class FakeHashiCorpVault(FakeTime? time = null) : VaultFake
{
    public const string RootToken = "hvs.given-by-an-administrator";
    public const string RoleId = "role-1";
    public const string SecretId = "secret-id-of-role-1";
    public const string PodToken = "jwt-of-the-pod";

    private readonly Dictionary<string, List<string?>> secrets = [];
    private readonly Dictionary<string, List<RSA>> keys = [];
    private readonly Dictionary<string, DateTimeOffset> tokens = new() { [RootToken] = DateTimeOffset.MaxValue };
    private int logins;

    public bool Sealed { get; set; }

    public string? Namespace { get; set; }

    /// <summary>Life of the tokens that a login gives.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a policy lets metadata be deleted.</summary>
    public bool MayDeleteMetadata { get; set; } = true;

    public int Logins => logins;

    public int Renewals { get; private set; }

    public override IReadOnlyList<string> Values => [.. secrets.Values.SelectMany(versions => versions).OfType<string>()];

    private DateTimeOffset Now => time?.GetUtcNow() ?? DateTimeOffset.UnixEpoch;

    /// <summary>The names that hold a value.</summary>
    public IReadOnlyList<string> Names => [.. secrets.Where(secret => secret.Value.Exists(version => version is not null)).Select(secret => secret.Key)];

    public override VaultReply Refusal(int status, string words) => new(status, new JsonObject { ["errors"] = new JsonArray(words) });

    /// <summary>A key, or its next version.</summary>
    public void AddKey(string name, RSA key)
    {
        if (!keys.TryGetValue(name, out var versions))
        {
            keys[name] = versions = [];
        }

        versions.Add(key);
    }

    /// <summary>Another key under the same version, as a restored backup may have.</summary>
    public void Replace(string name, RSA key) => keys[name] = [key];

    public void RevokeAll() => tokens.Clear();

    protected override VaultReply Answer(VaultRequest request)
    {
        if (Sealed)
        {
            return Refusal(503, "Vault is sealed");
        }

        if (request.Headers["X-Vault-Request"] != "true" || (Namespace is not null && request.Headers["X-Vault-Namespace"] != Namespace))
        {
            return Refusal(403, "permission denied");
        }

        var path = request.Path["/v1/".Length..];
        if (path is "auth/approle/login" or "auth/kubernetes/login")
        {
            return Login(path, request.Json);
        }

        var token = request.Headers["X-Vault-Token"].ToString();
        if (!tokens.TryGetValue(token, out var end) || Now >= end)
        {
            return Refusal(403, "permission denied");
        }

        return (request.Method, path.Split('/')) switch
        {
            ("GET", ["auth", "token", "lookup-self"]) => new VaultReply(200, new JsonObject { ["data"] = new JsonObject { ["ttl"] = end == DateTimeOffset.MaxValue ? 0 : (long)(end - Now).TotalSeconds, ["renewable"] = end != DateTimeOffset.MaxValue } }),
            ("POST", ["auth", "token", "renew-self"]) => Renew(token),
            ("GET", ["sys", "internal", "ui", "mounts", "secret"]) => new VaultReply(200, new JsonObject { ["data"] = new JsonObject { ["type"] = "kv", ["options"] = new JsonObject { ["version"] = "2" } } }),
            ("POST", ["secret", "data", .. var name]) => Write(string.Join('/', name), request.Json),
            ("GET", ["secret", "data", .. var name]) => Read(string.Join('/', name), request.Query["version"]),
            ("DELETE", ["secret", "metadata", .. var name]) => MayDeleteMetadata ? Remove(string.Join('/', name)) : Refusal(403, "permission denied"),
            ("POST", ["secret", "destroy", .. var name]) => Destroy(string.Join('/', name), request.Json),
            ("GET", ["transit", "keys", var name]) when keys.TryGetValue(name, out var versions) => KeyFacts(versions),
            ("POST", ["transit", "sign", var name, "sha2-256"]) when keys.TryGetValue(name, out var versions) => Sign(versions, request.Json),
            _ => Refusal(404, ""),
        };
    }

    private VaultReply Login(string path, JsonObject body)
    {
        var isKnown = path.Contains("approle", StringComparison.Ordinal)
            ? (string?)body["role_id"] == RoleId && (string?)body["secret_id"] == SecretId
            : (string?)body["role"] == "switchyard" && (string?)body["jwt"] == PodToken;
        if (!isKnown)
        {
            return Refusal(400, "invalid role or secret ID");
        }

        var token = "hvs.login-" + (++logins).ToString(CultureInfo.InvariantCulture);
        tokens[token] = Now + Life;
        return Granted(token);
    }

    private VaultReply Renew(string token)
    {
        Renewals++;
        tokens[token] = Now + Life;
        return Granted(token);
    }

    private VaultReply Granted(string token) =>
        new(200, new JsonObject { ["auth"] = new JsonObject { ["client_token"] = token, ["lease_duration"] = (long)Life.TotalSeconds, ["renewable"] = true } });

    private VaultReply Write(string name, JsonObject body)
    {
        if (!secrets.TryGetValue(name, out var versions))
        {
            secrets[name] = versions = [];
        }

        versions.Add((string)body["data"]!["value"]!);
        return new VaultReply(200, new JsonObject { ["data"] = new JsonObject { ["version"] = versions.Count } });
    }

    private VaultReply Read(string name, string? version) =>
        secrets.TryGetValue(name, out var versions) && versions.ElementAtOrDefault((version is null ? versions.Count : int.Parse(version, CultureInfo.InvariantCulture)) - 1) is { } value
            ? new VaultReply(200, new JsonObject { ["data"] = new JsonObject { ["data"] = new JsonObject { ["value"] = value } } })
            : new VaultReply(404, new JsonObject { ["errors"] = new JsonArray() });

    private VaultReply Remove(string name)
    {
        secrets.Remove(name);
        return new VaultReply(204);
    }

    private VaultReply Destroy(string name, JsonObject body)
    {
        foreach (var version in body["versions"]!.AsArray())
        {
            secrets[name][(int)version! - 1] = null;
        }

        return new VaultReply(204);
    }

    private static VaultReply KeyFacts(List<RSA> versions)
    {
        var all = new JsonObject(versions.Select((key, i) => KeyValuePair.Create((i + 1).ToString(CultureInfo.InvariantCulture), (JsonNode?)new JsonObject { ["public_key"] = key.ExportSubjectPublicKeyInfoPem() })));
        return new VaultReply(200, new JsonObject { ["data"] = new JsonObject { ["type"] = "rsa-2048", ["latest_version"] = versions.Count, ["keys"] = all } });
    }

    private VaultReply Sign(List<RSA> versions, JsonObject body)
    {
        var version = (int?)body["key_version"] ?? versions.Count;
        return (string?)body["signature_algorithm"] != "pkcs1v15"
            ? Refusal(400, "this fake signs with PKCS#1 v1.5 alone")
            : new VaultReply(200, new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["signature"] = $"vault:v{version}:" + Convert.ToBase64String(versions[version - 1].SignData(Convert.FromBase64String((string)body["input"]!), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
                },
            });
    }
}
