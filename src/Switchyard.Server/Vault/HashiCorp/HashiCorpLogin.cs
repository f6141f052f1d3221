using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>
/// The token of the server: given, or from a login by AppRole or Kubernetes. It is renewed when two thirds of its time have
/// passed, and where that is refused there is a new login.
/// </summary>
internal sealed class HashiCorpLogin(HashiCorpVaultOptions options, HashiCorpRequests requests, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private Held? held;

    public async Task<string> TokenAsync(CancellationToken cancellation)
    {
        if (held is { } current && time.GetUtcNow() < current.RenewAt)
        {
            return current.Token;
        }

        await one.WaitAsync(cancellation);
        try
        {
            if (held is not { } old)
            {
                held = await BeginAsync(cancellation);
            }
            else if (time.GetUtcNow() >= old.RenewAt)
            {
                held = await RenewAsync(old, cancellation) ?? await BeginAsync(cancellation);
            }

            return held.Token;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>A token was refused. True where another one may do: the next use logs in anew.</summary>
    public bool Forget(string token)
    {
        if (held?.Token == token)
        {
            held = null;
        }

        return options.Auth != "token" || options.TokenFile is not null;
    }

    public void Dispose() => one.Dispose();

    private async Task<Held> BeginAsync(CancellationToken cancellation)
    {
        switch (options.Auth)
        {
            case "approle":
                return await LoginAsync(
                    new JsonObject { ["role_id"] = options.RoleId, ["secret_id"] = options.SecretId ?? await ReadAsync(options.SecretIdFile!, cancellation) }, cancellation);
            case "kubernetes":
                return await LoginAsync(new JsonObject { ["role"] = options.Role, ["jwt"] = await ReadAsync(options.JwtFile, cancellation) }, cancellation);
            default:
                var token = options.Token ?? await ReadAsync(options.TokenFile!, cancellation);
                var answer = await requests.SendAsync("look at its own token", HttpMethod.Get, "auth/token/lookup-self", null, token, cancellation);

                // A token without the default policy may not look at itself, and works all the same.
                return Hold(token, VaultJson.Read(answer)?["data"], "ttl");
        }
    }

    private async Task<Held> LoginAsync(JsonObject body, CancellationToken cancellation)
    {
        var what = $"log in by {options.Auth}";
        var answer = await requests.SendAsync(what, HttpMethod.Post, $"auth/{options.AuthMount ?? options.Auth}/login", body, null, cancellation);
        var granted = VaultJson.Read(answer)?["auth"];
        return answer.IsSuccess && VaultJson.Text(granted, "client_token") is { Length: > 0 } token
            ? Hold(token, granted, "lease_duration")
            : throw requests.Refused(what, answer, body, options.Auth == "approle" ? "Compare Vault:HashiCorp:RoleId and SecretId with the role" : "Compare Vault:HashiCorp:Role with the role and its service accounts");
    }

    private async Task<Held?> RenewAsync(Held old, CancellationToken cancellation)
    {
        if (!old.Renewable)
        {
            return null;
        }

        var answer = await requests.SendAsync("renew its token", HttpMethod.Post, "auth/token/renew-self", [], old.Token, cancellation);
        return answer.IsSuccess ? Hold(old.Token, VaultJson.Read(answer)?["auth"], "lease_duration") : null;
    }

    private Held Hold(string token, JsonNode? facts, string life)
    {
        var seconds = long.TryParse(VaultJson.Text(facts, life), NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        var renewAt = seconds == 0 ? DateTimeOffset.MaxValue : time.GetUtcNow() + TimeSpan.FromSeconds(seconds * 2 / 3.0);
        return new Held(token, renewAt, VaultJson.Text(facts, "renewable") == "true");
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellation)).Trim();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"The login at HashiCorp Vault needs {file}, which cannot be read: {broken.Message}");
        }
    }

    private sealed record Held(string Token, DateTimeOffset RenewAt, bool Renewable)
    {
        public override string ToString() => "***";
    }
}
