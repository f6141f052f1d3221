using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.Server.Vault.Fakes;

/// <summary>
/// Oracle's Vault: both services in one. It checks each signature against the user's public key: what was signed, the hash
/// of the body, and the date, of which five minutes are tolerated.
/// </summary>
internal sealed partial class FakeOciVault(FakeTime time) : VaultFake
{
    public const string VaultId = "ocid1.vault.oc1.test.vault";
    public const string CompartmentId = "ocid1.compartment.oc1..compartment";
    public const string KeyId = "ocid1.key.oc1.test.key";
    public const string User = "ocid1.tenancy.oc1..tenancy/ocid1.user.oc1..user/20:3b:97:13";

    private readonly Dictionary<string, (string Id, string Value, string State)> secrets = [];

    /// <summary>The user's API key; another one is a rotated one.</summary>
    public RSA Key { get; set; } = RSA.Create(2048);

    /// <summary>A new secret cannot be read before it was looked at once.</summary>
    public bool TakesTime { get; set; }

    public override IReadOnlyList<string> Values => [.. secrets.Values.Where(secret => secret.State == "ACTIVE").Select(secret => secret.Value)];

    public override VaultReply Refusal(int status, string words) => new(status, new JsonObject { ["code"] = status == 404 ? "NotAuthorizedOrNotFound" : "Because", ["message"] = words });

    protected override VaultReply Answer(VaultRequest request)
    {
        if (Fault(request) is { } fault)
        {
            return Refusal(401, fault);
        }

        return (request.Method, request.Path.Split('/')) switch
        {
            ("POST", ["", "20180608", "secrets"]) => Create(request.Json),
            ("GET", ["", "20180608", "secrets"]) => List(request.Query["name"].ToString()),
            ("GET", ["", "20180608", "secrets", var id]) => Look(id),
            ("POST", ["", "20180608", "secrets", var id, "actions", "scheduleDeletion"]) => Schedule(id, request.Json),
            ("POST", ["", "20190301", "secretbundles", "actions", "getByName"]) => Read(request),
            _ => Refusal(404, "no such path"),
        };
    }

    private string? Fault(VaultRequest request)
    {
        var given = Form().Match(request.Headers.Authorization.ToString());
        if (!given.Success || given.Groups["key"].Value != User)
        {
            return "The required information to complete authentication was not provided or was incorrect.";
        }

        if (!DateTimeOffset.TryParse(request.Headers.Date, CultureInfo.InvariantCulture, out var date) || (date - time.GetUtcNow()).Duration() > TimeSpan.FromMinutes(5))
        {
            return "Date is not within the allowed clock skew.";
        }

        var names = given.Groups["headers"].Value.Split(' ');
        var required = request.Method == "GET" ? (string[])["date", "(request-target)", "host"] : ["date", "(request-target)", "host", "content-length", "content-type", "x-content-sha256"];
        if (!required.All(names.Contains) || (request.Method != "GET" && request.Headers["x-content-sha256"] != Convert.ToBase64String(SHA256.HashData(request.Body))))
        {
            return "A required header is not signed, or the hash of the body is another.";
        }

        var text = string.Join('\n', names.Select(name => $"{name}: {(name == "(request-target)" ? $"{request.Method.ToLowerInvariant()} {request.Target}" : request.Headers[name].ToString())}"));
        return Key.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(given.Groups["signature"].Value), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? null
            : "Failed to verify the HTTP(S) Signature";
    }

    private VaultReply Create(JsonObject body)
    {
        if ((string?)body["vaultId"] != VaultId || (string?)body["compartmentId"] != CompartmentId || (string?)body["keyId"] != KeyId || (string?)body["secretContent"]!["contentType"] != "BASE64")
        {
            return Refusal(400, "vaultId, compartmentId, keyId or secretContent is wrong");
        }

        var name = (string)body["secretName"]!;
        secrets.Add(name, ("ocid1.vaultsecret.oc1.test." + name, (string)body["secretContent"]!["content"]!, TakesTime ? "CREATING" : "ACTIVE"));
        return new VaultReply(200, Facts(name));
    }

    private VaultReply Look(string id)
    {
        var name = id.Split('.')[^1];
        var facts = Facts(name);
        secrets[name] = secrets[name] with { State = "ACTIVE" };
        return new VaultReply(200, facts);
    }

    private VaultReply List(string name) => new(200, secrets.ContainsKey(name) ? new JsonArray(Facts(name)) : []);

    private VaultReply Schedule(string id, JsonObject body)
    {
        var name = id.Split('.')[^1];
        if (!DateTimeOffset.TryParse((string?)body["timeOfDeletion"], CultureInfo.InvariantCulture, out var due) || due - time.GetUtcNow() < TimeSpan.FromDays(1))
        {
            return Refusal(400, "timeOfDeletion must be at least one day away");
        }

        secrets[name] = secrets[name] with { State = "PENDING_DELETION" };
        return new VaultReply(200);
    }

    private VaultReply Read(VaultRequest request) =>
        request.Query["vaultId"] == VaultId && request.Query["versionNumber"] == "1" && secrets.TryGetValue(request.Query["secretName"].ToString(), out var secret) && secret.State == "ACTIVE"
            ? new VaultReply(200, new JsonObject { ["versionNumber"] = 1, ["secretBundleContent"] = new JsonObject { ["contentType"] = "BASE64", ["content"] = secret.Value } })
            : Refusal(404, "Authorization failed or requested resource not found.");

    private JsonObject Facts(string name) =>
        new() { ["id"] = secrets[name].Id, ["secretName"] = name, ["lifecycleState"] = secrets[name].State, ["currentVersionNumber"] = 1 };

    [GeneratedRegex("^Signature version=\"1\",headers=\"(?<headers>[^\"]+)\",keyId=\"(?<key>[^\"]+)\",algorithm=\"rsa-sha256\",signature=\"(?<signature>[^\"]+)\"$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
