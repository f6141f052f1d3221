using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>Requests to HashiCorp Vault or OpenBao, and what their refusals mean.</summary>
internal sealed class HashiCorpRequests(HashiCorpVaultOptions options, VaultHttp http)
{
    public VaultHttp Http => http;

    public Task<VaultAnswer> SendAsync(string what, HttpMethod method, string path, JsonObject? body, string? token, CancellationToken cancellation)
    {
        var bytes = body is null ? null : System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        return http.SendAsync(
            what,
            () =>
            {
                var request = new HttpRequestMessage(method, new Uri(http.Address, "v1/" + path)) { Content = bytes is null ? null : VaultJson.Content(bytes) };
                request.Headers.Add("X-Vault-Request", "true");
                if (token is not null)
                {
                    request.Headers.TryAddWithoutValidation("X-Vault-Token", token);
                }

                if (options.Namespace is { Length: > 0 } space)
                {
                    request.Headers.Add("X-Vault-Namespace", space);
                }

                return request;
            },
            IsSealed,
            cancellation);
    }

    /// <summary>What a refusal is to people.</summary>
    public VaultException Refused(string what, VaultAnswer answer, JsonObject? sent = null, string? next = null)
    {
        var words = WordsOf(answer, VaultJson.Texts(sent));
        var (why, step) = answer.Status switch
        {
            _ when IsSealed(answer) => ("it is sealed", "Unseal it (vault operator unseal); what waits for the secret goes on by itself"),
            403 => ($"permission denied ({words})", "Look at the policy of Switchyard's token in docs/vaults.md, and whether the token has expired"),
            404 => ($"there is nothing there ({words})", "If it was removed in the vault, set the secret again; else compare Vault:HashiCorp:Mount, Path and Namespace with the vault"),
            429 => ($"it is asked too much ({words})", "Try again later"),
            >= 300 and < 400 => ("it sends elsewhere", "Let Vault:HashiCorp:Address name the active node or the load balancer"),
            _ => (words, "Look at the vault's log"),
        };
        return new VaultException($"{http.Vault} at {http.Address} answered {answer.Status} to the request to {what}: {why}. {next ?? step}.");
    }

    public static bool IsSealed(VaultAnswer answer) => answer.Status == 503 && WordsOf(answer).Contains("sealed", StringComparison.OrdinalIgnoreCase);

    private static string WordsOf(VaultAnswer answer, IReadOnlyList<string>? sent = null) =>
        VaultHttp.Words(VaultJson.Read(answer)?["errors"] is JsonArray errors ? string.Join("; ", errors.Select(error => error?.ToString())) : null, sent).TrimEnd('.');
}
