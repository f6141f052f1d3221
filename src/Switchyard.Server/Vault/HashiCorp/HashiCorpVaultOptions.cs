using System.Text.Json.Serialization;

namespace Switchyard.Server.Vault.HashiCorp;

/// <summary>HashiCorp Vault or OpenBao. Section <c>Vault:HashiCorp</c>.</summary>
public sealed class HashiCorpVaultOptions
{
    public const string Section = "Vault:HashiCorp";

    /// <summary>As <c>https://vault.example.com:8200</c>.</summary>
    public string? Address { get; set; }

    /// <summary>Sent as <c>X-Vault-Namespace</c>.</summary>
    public string? Namespace { get; set; }

    /// <summary>Where the KV secrets engine (version 2) is mounted.</summary>
    public string Mount { get; set; } = "secret";

    /// <summary>The folder in it.</summary>
    public string Path { get; set; } = "switchyard";

    /// <summary><c>token</c>, <c>approle</c> or <c>kubernetes</c>.</summary>
    public string Auth { get; set; } = "token";

    /// <summary>Where that is mounted; by default under its own name.</summary>
    public string? AuthMount { get; set; }

    [JsonIgnore]
    public string? Token { get; set; }

    /// <summary>A file with the token, read anew for each login: an agent may renew it.</summary>
    public string? TokenFile { get; set; }

    public string? RoleId { get; set; }

    [JsonIgnore]
    public string? SecretId { get; set; }

    public string? SecretIdFile { get; set; }

    /// <summary>The Kubernetes role.</summary>
    public string? Role { get; set; }

    /// <summary>The token of the pod's service account.</summary>
    public string JwtFile { get; set; } = "/var/run/secrets/kubernetes.io/serviceaccount/token";
}
