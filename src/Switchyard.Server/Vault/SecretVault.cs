using System.Security.Cryptography;
using System.Text;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

/// <summary>What may be shown of a secret.</summary>
public sealed record SecretFacts(string Scope, string Name, string Fingerprint, string SetBy, DateTimeOffset UpdatedAt);

/// <summary>
/// Write-only secrets: AES-256-GCM under the master key, bound to their scope and name so that a row cannot be moved to
/// another place. Only the code that uses a secret reads it; no endpoint does.
/// </summary>
public sealed class SecretVault
{
    private const int TagSize = 16;

    private readonly MasterKey key;
    private readonly Database database;
    private readonly TimeProvider time;

    internal SecretVault(MasterKey key, Database database, TimeProvider time)
    {
        this.key = key;
        this.database = database;
        this.time = time;
    }

    /// <summary>Names the master key without telling it.</summary>
    public string KeyId => key.Id;

    /// <summary>Stores a secret in the caller's transaction, in place of what was there.</summary>
    /// <param name="fingerprint">One that others show as well, and that tells nothing of the secret; ours where none is given.</param>
    public async Task SetAsync(DbSession session, string scope, string name, ReadOnlyMemory<byte> value, string setBy, string? fingerprint = null)
    {
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var ciphertext = new byte[value.Length + TagSize];
        using (var aes = new AesGcm(key.Bytes, TagSize))
        {
            aes.Encrypt(nonce, value.Span, ciphertext.AsSpan(0, value.Length), ciphertext.AsSpan(value.Length), Bind(scope, name));
        }

        await session.ExecuteAsync(
            """
            insert into secrets (scope, name, key_id, nonce, ciphertext, fingerprint, set_by, updated_at)
            values (@scope, @name, @keyId, @nonce, @ciphertext, @fingerprint, @setBy, @now)
            on conflict (scope, name) do update set key_id = excluded.key_id, nonce = excluded.nonce, ciphertext = excluded.ciphertext,
              fingerprint = excluded.fingerprint, set_by = excluded.set_by, updated_at = excluded.updated_at
            """,
            new
            {
                scope,
                name,
                keyId = key.Id,
                nonce,
                ciphertext,
                fingerprint = fingerprint ?? Fingerprint(value.Span),
                setBy,
                now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            });
    }

    public Task SetAsync(DbSession session, string scope, string name, string value, string setBy, string? fingerprint = null) =>
        SetAsync(session, scope, name, Encoding.UTF8.GetBytes(value), setBy, fingerprint);

    /// <summary>The secret for its use, or null where none is set.</summary>
    public async Task<byte[]?> ReadAsync(string scope, string name, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(
            session => session.FirstAsync<SecretRow>(
                "select key_id, nonce, ciphertext from secrets where scope = @scope and name = @name", new { scope, name }),
            cancellation);
        return row is null ? null : Decrypt(row, scope, name);
    }

    public async Task<string?> ReadTextAsync(string scope, string name, CancellationToken cancellation) =>
        await ReadAsync(scope, name, cancellation) is { } value ? Encoding.UTF8.GetString(value) : null;

    public Task<List<SecretFacts>> ListAsync(string scope, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (await session.QueryAsync<FactsRow>(
                    "select scope, name, fingerprint, set_by, updated_at from secrets where scope = @scope order by name", new { scope }))
                .ConvertAll(row => new SecretFacts(row.Scope, row.Name, row.Fingerprint, row.SetBy, DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt))),
            cancellation);

    /// <summary>What only who has the master key answers to a question; it tells nothing of the key.</summary>
    public string Answer(string question) => Convert.ToHexStringLower(HMACSHA256.HashData(HMACSHA256.HashData(key.Bytes, "answers"u8), Encoding.UTF8.GetBytes(question)));

    /// <summary>Everything that is stored, in the order of scope and name, after the one given.</summary>
    public Task<(List<SecretFacts> Rows, long Total)> ListAllAsync(string? after, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            async session => (
                (await session.QueryAsync<FactsRow>(
                    "select scope, name, fingerprint, set_by, updated_at from secrets where scope || ' ' || name > @after order by scope || ' ' || name limit @limit", new { after = after ?? "", limit }))
                .ConvertAll(row => new SecretFacts(row.Scope, row.Name, row.Fingerprint, row.SetBy, DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt))),
                await session.ScalarAsync<long>("select count(*) from secrets")),
            cancellation);

    public static Task RemoveAsync(DbSession session, string scope, string name) =>
        session.ExecuteAsync("delete from secrets where scope = @scope and name = @name", new { scope, name });

    private static byte[] Bind(string scope, string name) => Encoding.UTF8.GetBytes(scope + "\0" + name);

    /// <summary>Keyed with the master key, so that a guessable secret cannot be found from its fingerprint.</summary>
    private string Fingerprint(ReadOnlySpan<byte> value) =>
        "SHA256:" + Convert.ToHexStringLower(HMACSHA256.HashData(key.Bytes, value))[..16];

    private byte[] Decrypt(SecretRow row, string scope, string name)
    {
        if (row.KeyId != key.Id)
        {
            throw new VaultException(
                $"The secret {name} of {scope} was stored under another master key ({row.KeyId}, now {key.Id}). Start with the key that was in use then, or set the secret again.");
        }

        var value = new byte[row.Ciphertext.Length - TagSize];
        using var aes = new AesGcm(key.Bytes, TagSize);
        aes.Decrypt(row.Nonce, row.Ciphertext.AsSpan(0, value.Length), row.Ciphertext.AsSpan(value.Length), value, Bind(scope, name));
        return value;
    }

    private sealed record SecretRow
    {
        public string KeyId { get; init; } = "";

        public byte[] Nonce { get; init; } = [];

        public byte[] Ciphertext { get; init; } = [];
    }

    private sealed record FactsRow
    {
        public string Scope { get; init; } = "";

        public string Name { get; init; } = "";

        public string Fingerprint { get; init; } = "";

        public string SetBy { get; init; } = "";

        public long UpdatedAt { get; init; }
    }
}
