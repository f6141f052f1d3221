using Switchyard.Server.Hosting.Health;

namespace Switchyard.Server.Admin;

/// <summary>The server: what runs where, and how it is.</summary>
public sealed record SystemResource(string Version, string Runtime, string Machine, int Process, DateTimeOffset StartedAt, string Database, string DataFolder, string Vault, string? PublicUrl, bool Webhooks, IReadOnlyList<HealthCheck> Checks);

/// <summary>Where secrets are kept.</summary>
/// <param name="Kind">Where new secrets go.</param>
/// <param name="Vaults">Those that are configured.</param>
public sealed record VaultState(string Kind, IReadOnlyList<ConfiguredVault> Vaults);

/// <summary>A vault that the server knows.</summary>
/// <param name="Kind">Which vault.</param>
/// <param name="Usable">Whether it answered just now.</param>
/// <param name="Place">Where it is, or why it cannot be used.</param>
public sealed record ConfiguredVault(string Kind, bool Usable, string Place);

/// <summary>A move of secrets, or what it would do.</summary>
/// <param name="To">The vault that the secrets are in now, or would be.</param>
/// <param name="DryRun">Whether this only says what would be done.</param>
/// <param name="Moved">How many were moved.</param>
/// <param name="Left">How many are elsewhere.</param>
/// <param name="Scopes">By scope, those to be moved.</param>
/// <param name="Failed">Those that stayed, and why.</param>
/// <param name="Note">What is left to do.</param>
public sealed record MoveResource(string To, bool DryRun, int Moved, long Left, IReadOnlyList<MoveScope> Scopes, IReadOnlyList<MoveFailure> Failed, string? Note);

/// <summary>How many secrets of a scope are in which vault.</summary>
public sealed record MoveScope(string Scope, string Vault, long Secrets);

/// <summary>A secret that stayed where it was.</summary>
public sealed record MoveFailure(string Scope, string Name, string Reason);
