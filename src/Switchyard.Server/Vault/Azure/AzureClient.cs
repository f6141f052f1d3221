using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.Azure;

/// <summary>Calls Azure Key Vault (REST, 7.4) with a token of Entra ID; one that is refused is replaced once.</summary>
internal sealed class AzureClient(TokenCredential credential, VaultHttp http, TimeProvider time)
{
    private const string Version = "api-version=7.4";
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    private readonly TokenRequestContext scope = new([AzureCredential.ScopeOf(http.Address)]);
    private AccessToken token;

    public Uri Address => http.Address;

    public async Task<VaultAnswer> SendAsync(string what, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var answer = await SendOnceAsync(what, method, path, body, cancellation);
        if (answer.Status != 401)
        {
            return answer;
        }

        token = default;
        return await SendOnceAsync(what, method, path, body, cancellation);
    }

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="VaultException">It was refused.</exception>
    public async Task<JsonNode?> RequireAsync(string what, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var answer = await SendAsync(what, method, path, body, cancellation);
        return answer.IsSuccess ? VaultJson.Read(answer) : throw Refused(what, answer, body);
    }

    public VaultException Refused(string what, VaultAnswer answer, JsonObject? sent = null)
    {
        var error = VaultJson.Read(answer)?["error"];
        var words = VaultHttp.Words($"{VaultJson.Text(error, "code")} {VaultJson.Text(error, "message")}".Trim(), VaultJson.Texts(sent)).TrimEnd('.');
        var next = answer.Status switch
        {
            401 => "Look whether the identity that Vault:Azure:Credential names is of the vault's tenant",
            403 => "Give the server's identity the roles of docs/vaults.md on the vault, and look at the vault's firewall",
            404 => "If it was removed in the vault, set the secret again; else compare Vault:Azure:Url with the vault",
            429 => "The vault's limit is reached; try again later",
            _ => "Look at the vault's log in Azure",
        };
        return new VaultException($"{http.Vault} at {http.Address} answered {answer.Status} to the request to {what}: {words}. {next}.");
    }

    private async Task<VaultAnswer> SendOnceAsync(string what, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var bearer = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellation));
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
        return await http.SendAsync(
            what,
            () =>
            {
                var request = new HttpRequestMessage(method, new Uri(http.Address, $"{path}?{Version}")) { Content = bytes is null ? null : VaultJson.Content(bytes) };
                request.Headers.Authorization = bearer;
                return request;
            },
            null,
            cancellation);
    }

    private async Task<string> TokenAsync(CancellationToken cancellation)
    {
        var held = token;
        if (held.Token is not null && time.GetUtcNow() < held.ExpiresOn - Before)
        {
            return held.Token;
        }

        try
        {
            held = await credential.GetTokenAsync(scope, cancellation);
        }
        catch (AuthenticationFailedException refused)
        {
            throw new VaultException(
                $"Entra ID gave no token for {http.Vault} at {http.Address}: {VaultHttp.Words(refused.Message).TrimEnd('.')}. Compare Vault:Azure:Credential, ClientId and the AZURE_ variables with the identity of this server.");
        }

        token = held;
        return held.Token;
    }
}
