using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>Calls with the server's token; one that was revoked meanwhile is replaced by a new login, once.</summary>
internal sealed class HashiCorpClient(HashiCorpVaultOptions options, VaultHttp http, TimeProvider time) : IDisposable
{
    private readonly HashiCorpRequests requests = new(options, http);
    private readonly HashiCorpLogin login = new(options, new HashiCorpRequests(options, http), time);

    public Uri Address => http.Address;

    public async Task<VaultAnswer> SendAsync(string what, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var token = await login.TokenAsync(cancellation);
        var answer = await requests.SendAsync(what, method, path, body, token, cancellation);
        if (answer.Status != 403 || !login.Forget(token))
        {
            return answer;
        }

        return await requests.SendAsync(what, method, path, body, await login.TokenAsync(cancellation), cancellation);
    }

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="VaultException">It was refused.</exception>
    public async Task<JsonNode?> RequireAsync(string what, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var answer = await SendAsync(what, method, path, body, cancellation);
        return answer.IsSuccess ? VaultJson.Read(answer) : throw requests.Refused(what, answer, body);
    }

    public VaultException Refused(string what, VaultAnswer answer) => requests.Refused(what, answer);

    public void Dispose() => login.Dispose();
}
