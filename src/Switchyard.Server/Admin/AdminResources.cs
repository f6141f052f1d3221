using Switchyard.Server.Hosting.Health;

namespace Switchyard.Server.Admin;

/// <summary>What may be told of a secret of the vault: never its value.</summary>
public sealed record VaultSecretResource(string Scope, string Name, string Fingerprint, string SetBy, DateTimeOffset UpdatedAt);

/// <summary>The server: what runs where, and how it is.</summary>
public sealed record SystemResource(string Version, string Runtime, string Machine, int Process, DateTimeOffset StartedAt, string Database, string DataFolder, string VaultKey, string? PublicUrl, bool Webhooks, IReadOnlyList<HealthCheck> Checks);
