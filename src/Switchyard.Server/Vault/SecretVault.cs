using System.Security.Cryptography;
using System.Text;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

/// <summary>What may be shown of a secret. <c>Kind</c>: the vault that holds it.</summary>
public sealed record SecretFacts(string Scope, string Name, string Kind, string Fingerprint, string SetBy, DateTimeOffset UpdatedAt);

/// <summary>
/// Write-only secrets. Setting one has two steps: <see cref="SealAsync(ReadOnlyMemory{byte}, CancellationToken)"/> lets the
/// vault take the value, <see cref="SetAsync"/> stores the row in a transaction. Only the code that uses a secret reads it;
/// no endpoint does.
/// </summary>
public sealed class SecretVault
{
    /// <summary>A value that no transaction has taken by then is removed from its vault.</summary>
    private static readonly TimeSpan TakenWithin = TimeSpan.FromHours(1);

    /// <summary>Another node may just have read the row that named the value.</summary>
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMinutes(5);

    private readonly VaultSet vaults;
    private readonly Database database;
    private readonly TimeProvider time;

    internal SecretVault(VaultSet vaults, Database database, TimeProvider time)
    {
        this.vaults = vaults;
        this.database = database;
        this.time = time;
    }

    /// <summary>Lets the vault take a value; to be called before the transaction that stores the row.</summary>
    /// <exception cref="VaultException">The vault did not take it.</exception>
    public Task<SealedSecret> SealAsync(ReadOnlyMemory<byte> value, CancellationToken cancellation) => SealAsync(vaults.Current, value, cancellation);

    public Task<SealedSecret> SealAsync(string value, CancellationToken cancellation) => SealAsync(Encoding.UTF8.GetBytes(value), cancellation);

    /// <summary>Stores the row of a sealed secret in the caller's transaction, in place of what was there.</summary>
    /// <param name="session">The caller's transaction.</param>
    /// <param name="scope">Whose secret it is: <c>provider:1</c>.</param>
    /// <param name="name">Which of them.</param>
    /// <param name="secret">What the vault has taken, for one row alone.</param>
    /// <param name="setBy">Who set it.</param>
    /// <param name="fingerprint">One that others show as well, and that tells nothing of the secret; ours where none is given.</param>
    public async Task SetAsync(DbSession session, string scope, string name, SealedSecret secret, string setBy, string? fingerprint = null)
    {
        var now = Due(TimeSpan.Zero);
        await TakeAsync(session, secret);
        if (await VaultStore.AddOrLockAsync(session, scope, name, secret, fingerprint ?? secret.Fingerprint, setBy, now) is { } old)
        {
            await VaultStore.SwapAsync(session, old, secret);
            await VaultStore.DescribeAsync(session, scope, name, fingerprint ?? secret.Fingerprint, setBy, now);
            await LeaveAsync(session, old);
        }
    }

    /// <summary>The secret for its use, or null where none is set.</summary>
    /// <exception cref="VaultException">It is set and cannot be read.</exception>
    public async Task<byte[]?> ReadAsync(string scope, string name, CancellationToken cancellation)
    {
        var row = await FindAsync(scope, name, cancellation);
        while (row is not null)
        {
            try
            {
                return await ReadAsync(row, cancellation);
            }
            catch (VaultException)
            {
                var now = await FindAsync(scope, name, cancellation);
                if (now?.Reference == row.Reference)
                {
                    throw;
                }

                // It was set anew or moved while it was read.
                row = now;
            }
        }

        return null;
    }

    public async Task<string?> ReadTextAsync(string scope, string name, CancellationToken cancellation) =>
        await ReadAsync(scope, name, cancellation) is { } value ? Encoding.UTF8.GetString(value) : null;

    public Task<List<SecretFacts>> ListAsync(string scope, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.QueryAsync<FactsRow>($"{FactsRow.Select} where scope = @scope order by name", new { scope })).ConvertAll(row => row.Show()), cancellation);

    public async Task RemoveAsync(DbSession session, string scope, string name)
    {
        if (await VaultStore.RemoveAsync(session, scope, name) is { } old)
        {
            await LeaveAsync(session, old);
        }
    }

    /// <summary>Whether the vault takes secrets: it is given a random one, which is removed again.</summary>
    /// <exception cref="VaultException">It does not.</exception>
    public Task CheckAsync(CancellationToken cancellation) => SealAsync(vaults.Current, RandomNumberGenerator.GetBytes(32), cancellation, TimeSpan.Zero);

    /// <summary>The page of the facts of all secrets, from the one after the key on.</summary>
    internal Task<(List<SecretFacts> Rows, long Total)> ListAsync(PageRequest page, CancellationToken cancellation)
    {
        var (scope, name) = page.After?.Split('\n') is [var first, var second] ? (first, second) : ("", "");
        return database.ReadAsync(
            async session => (
                (await session.QueryAsync<FactsRow>(
                    $"{FactsRow.Select} where (scope, name) > (@scope, @name) order by scope, name limit @limit", new { scope, name, limit = page.Limit + 1 })).ConvertAll(row => row.Show()),
                await session.ScalarAsync<long>("select count(*) from secrets")),
            cancellation);
    }

    internal Task<byte[]> ReadAsync(KeptSecret kept, CancellationToken cancellation) => vaults.Of(kept).ReadAsync(kept, cancellation);

    /// <summary>The row names the other value from now on, unless it was set anew meanwhile.</summary>
    internal async Task<bool> SwapAsync(DbSession session, KeptSecret old, SealedSecret secret)
    {
        if (!await VaultStore.SwapAsync(session, old, secret))
        {
            return false;
        }

        await TakeAsync(session, secret);
        await LeaveAsync(session, old);
        return true;
    }

    /// <summary>The reference is written down before the vault gets the value: whatever happens then, it is used or removed.</summary>
    internal async Task<SealedSecret> SealAsync(ISecretStore store, ReadOnlyMemory<byte> value, CancellationToken cancellation, TimeSpan? takenWithin = null)
    {
        var reference = store.NewReference();
        if (store.Kind != VaultKind.Local)
        {
            await database.WriteAsync(session => VaultStore.LeaveAsync(session, store.Kind, reference, null, Due(takenWithin ?? TakenWithin)), cancellation);
            FaultPoint.Reached("vault-noted");
        }

        var secret = await store.WriteAsync(reference, value, cancellation);
        FaultPoint.Reached("vault-written");
        return secret;
    }

    private static async Task TakeAsync(DbSession session, SealedSecret secret)
    {
        if (!secret.IsInRow && !await VaultStore.TakeAsync(session, secret.Reference))
        {
            throw new VaultException("The secret was given to the vault more than an hour ago, or for another row, and is removed there. Nothing was changed; set it again.");
        }
    }

    private Task LeaveAsync(DbSession session, KeptSecret old) =>
        old.Kind == VaultKind.Local ? Task.CompletedTask : VaultStore.LeaveAsync(session, old.Kind, old.Reference, old.Version, Due(ReadWithin));

    private Task<KeptSecret?> FindAsync(string scope, string name, CancellationToken cancellation) =>
        database.ReadAsync(session => VaultStore.FindAsync(session, scope, name), cancellation);

    private long Due(TimeSpan after) => (time.GetUtcNow() + after).ToUnixTimeMilliseconds();

    private sealed record FactsRow
    {
        public const string Select = "select scope, name, kind, fingerprint, set_by, updated_at from secrets";

        public string Scope { get; init; } = "";

        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Fingerprint { get; init; } = "";

        public string SetBy { get; init; } = "";

        public long UpdatedAt { get; init; }

        public SecretFacts Show() => new(Scope, Name, Kind, Fingerprint, SetBy, DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt));
    }
}
