using System.Security.Cryptography;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

/// <summary>How many secrets of a scope are in which vault.</summary>
internal sealed record MovePart
{
    public string Scope { get; init; } = "";

    public string From { get; init; } = "";

    public long Secrets { get; init; }
}

/// <summary>A secret that stayed where it is.</summary>
internal sealed record Unmoved(string Scope, string Name, string Reason);

/// <summary>What a move did. <c>Left</c>: secrets that are still elsewhere.</summary>
internal sealed record MoveReport(int Moved, long Left, IReadOnlyList<Unmoved> Failed);

/// <summary>A move is under way already.</summary>
internal sealed class VaultMoveBusyException() : InvalidOperationException("Secrets are being moved already; this can be run again when that has ended.");

/// <summary>
/// Moves all secrets into one vault, one after the other: read, written there, read back and compared, and then the row names
/// the new place. Ended anywhere it can be run again; the old values are removed when the vaults are tended next.
/// </summary>
internal sealed class VaultMove(SecretVault secrets, VaultSet vaults, Database database)
{
    public Task<List<MovePart>> PlanAsync(string to, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<MovePart>(
                "select scope, kind as \"from\", count(*) as secrets from secrets where kind <> @to group by scope, kind order by scope, kind", new { to }),
            cancellation);

    /// <exception cref="VaultException">The vault to move to is not configured or takes nothing; nothing was moved.</exception>
    /// <exception cref="VaultMoveBusyException">Another move is under way.</exception>
    public async Task<MoveReport> RunAsync(string to, CancellationToken cancellation)
    {
        var target = vaults.Find(to) ?? throw new VaultException(VaultSet.NotConfigured(to));
        await using var only = await database.TryHoldAsync("vault-move", cancellation) ?? throw new VaultMoveBusyException();
        await target.DescribeAsync(cancellation);
        var (moved, failed) = (0, new List<Unmoved>());
        for (KeptSecret? last = null; await NextAsync(to, last, cancellation) is { } kept; last = kept)
        {
            byte[] value;
            try
            {
                value = await secrets.ReadAsync(kept, cancellation);
            }
            catch (VaultException unreadable)
            {
                // One that cannot be read keeps no other from being moved.
                failed.Add(new Unmoved(kept.Scope, kept.Name, unreadable.Message));
                continue;
            }

            try
            {
                moved += await MoveAsync(kept, value, target, cancellation) ? 1 : 0;
            }
            catch (VaultException refused)
            {
                // The other secrets would fare no better; what was moved stays moved.
                failed.Add(new Unmoved(kept.Scope, kept.Name, refused.Message));
                break;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(value);
            }
        }

        return new MoveReport(moved, await database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from secrets where kind <> @to", new { to }), cancellation), failed);
    }

    private Task<KeptSecret?> NextAsync(string to, KeptSecret? last, CancellationToken cancellation) =>
        database.ReadAsync(session => VaultStore.NextElsewhereAsync(session, to, last), cancellation);

    private async Task<bool> MoveAsync(KeptSecret kept, byte[] value, ISecretStore target, CancellationToken cancellation)
    {
        var secret = await secrets.SealAsync(target, value, cancellation);
        var there = new KeptSecret
        {
            Scope = kept.Scope,
            Name = kept.Name,
            Kind = secret.Kind,
            Reference = secret.Reference,
            Version = secret.Version,
            Ciphertext = secret.CiphertextFor(kept.Scope, kept.Name),
        };
        var copy = await target.ReadAsync(there, cancellation);
        var same = CryptographicOperations.FixedTimeEquals(copy, value);
        CryptographicOperations.ZeroMemory(copy);
        if (!same)
        {
            throw new VaultException($"The vault \"{target.Kind}\" gave back another value than it was given for the secret {kept.Name} of {kept.Scope}; the secret stays where it is.");
        }

        var swapped = await database.WriteAsync(session => secrets.SwapAsync(session, kept, secret), cancellation);
        FaultPoint.Reached("vault-swapped");
        return swapped;
    }
}
