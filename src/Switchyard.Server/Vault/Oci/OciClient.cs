using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.Oci;

/// <summary>Signed calls to one of the two services of the vault: managing secrets, or reading them.</summary>
internal sealed class OciClient(OciRequestSigner signer, VaultHttp http, TimeProvider time)
{
    public Uri Address => http.Address;

    public Task<VaultAnswer> SendAsync(string what, HttpMethod method, string pathAndQuery, JsonObject? body, CancellationToken cancellation)
    {
        var sent = method == HttpMethod.Get ? null : Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "");

        // The service takes a repeated request with the same token once.
        var once = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return http.SendAsync(
            what,
            () =>
            {
                var request = new HttpRequestMessage(method, new Uri(http.Address, pathAndQuery));
                if (sent is not null)
                {
                    request.Headers.Add("opc-retry-token", once);
                }

                signer.Sign(request, sent, time.GetUtcNow());
                return request;
            },
            null,
            cancellation);
    }

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="VaultException">It was refused.</exception>
    public async Task<JsonNode?> RequireAsync(string what, HttpMethod method, string pathAndQuery, JsonObject? body, CancellationToken cancellation)
    {
        var answer = await SendAsync(what, method, pathAndQuery, body, cancellation);
        return answer.IsSuccess ? VaultJson.Read(answer) : throw Refused(what, answer, body);
    }

    public VaultException Refused(string what, VaultAnswer answer, JsonObject? sent = null)
    {
        var error = VaultJson.Read(answer);
        var words = VaultHttp.Words($"{VaultJson.Text(error, "code")} {VaultJson.Text(error, "message")}".Trim(), VaultJson.Texts(sent)).TrimEnd('.');
        var next = answer.Status switch
        {
            401 => "Compare Vault:Oci:TenancyId, UserId, Fingerprint and PrivateKeyFile with the user's API keys, and look at this machine's clock (5 minutes are tolerated)",
            403 => "Look at the policies of docs/vaults.md",
            404 => "Oracle answers so too where a policy is missing: look at those of docs/vaults.md, and whether the secret was removed in the vault",
            429 => "The service's limit is reached; try again later",
            _ => "Look at the vault in Oracle's console",
        };
        return new VaultException($"{http.Vault} at {http.Address} answered {answer.Status} to the request to {what}: {words}. {next}.");
    }
}
