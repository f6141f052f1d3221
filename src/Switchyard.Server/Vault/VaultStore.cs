using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

/// <summary>What a vault holds and no row names, or not yet.</summary>
internal sealed record Leftover
{
    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string Reference { get; init; } = "";

    public string? Version { get; init; }

    public long Tries { get; init; }
}

/// <summary>The rows of secrets, and of what is to be removed from the vaults.</summary>
internal static class VaultStore
{
    private const string Columns = "scope, name, kind, reference, version, ciphertext";

    public static Task<KeptSecret?> FindAsync(DbSession session, string scope, string name) =>
        session.FirstAsync<KeptSecret>($"select {Columns} from secrets where scope = @scope and name = @name", new { scope, name });

    /// <summary>The next secret that is in another vault, in the order of scope and name.</summary>
    public static Task<KeptSecret?> NextElsewhereAsync(DbSession session, string kind, KeptSecret? after) =>
        session.FirstAsync<KeptSecret>(
            $"select {Columns} from secrets where kind <> @kind and (scope, name) > (@scope, @name) order by scope, name limit 1",
            new { kind, scope = after?.Scope ?? "", name = after?.Name ?? "" });

    /// <summary>Adds the row, or gives what it is in place of, with the row locked.</summary>
    public static async Task<KeptSecret?> AddOrLockAsync(DbSession session, string scope, string name, SealedSecret secret, string fingerprint, string setBy, long now)
    {
        while (true)
        {
            var added = await session.ExecuteAsync(
                """
                insert into secrets (scope, name, kind, reference, version, ciphertext, fingerprint, set_by, updated_at)
                values (@scope, @name, @Kind, @Reference, @Version, @ciphertext, @fingerprint, @setBy, @now)
                on conflict (scope, name) do nothing
                """,
                new { scope, name, secret.Kind, secret.Reference, secret.Version, ciphertext = secret.CiphertextFor(scope, name), fingerprint, setBy, now });
            if (added == 1)
            {
                return null;
            }

            var old = await session.FirstAsync<KeptSecret>($"update secrets set name = name where scope = @scope and name = @name returning {Columns}", new { scope, name });
            if (old is not null)
            {
                return old;
            }
        }
    }

    /// <summary>Lets the row name another value, if it still names the one given.</summary>
    public static async Task<bool> SwapAsync(DbSession session, KeptSecret old, SealedSecret secret) =>
        await session.ExecuteAsync(
            """
            update secrets set kind = @Kind, reference = @Reference, version = @Version, ciphertext = @ciphertext
            where scope = @Scope and name = @Name and reference = @was
            """,
            new { secret.Kind, secret.Reference, secret.Version, ciphertext = secret.CiphertextFor(old.Scope, old.Name), old.Scope, old.Name, was = old.Reference }) == 1;

    public static Task DescribeAsync(DbSession session, string scope, string name, string fingerprint, string setBy, long now) =>
        session.ExecuteAsync(
            "update secrets set fingerprint = @fingerprint, set_by = @setBy, updated_at = @now where scope = @scope and name = @name", new { scope, name, fingerprint, setBy, now });

    public static Task<KeptSecret?> RemoveAsync(DbSession session, string scope, string name) =>
        session.FirstAsync<KeptSecret>($"delete from secrets where scope = @scope and name = @name returning {Columns}", new { scope, name });

    public static Task LeaveAsync(DbSession session, string kind, string reference, string? version, long due) =>
        session.ExecuteAsync(
            "insert into vault_leftovers (kind, reference, version, due_at) values (@kind, @reference, @version, @due)", new { kind, reference, version, due });

    /// <summary>A row names it now. False where it was given up before.</summary>
    public static async Task<bool> TakeAsync(DbSession session, string reference) =>
        await session.ExecuteAsync("delete from vault_leftovers where reference = @reference and tries = 0", new { reference }) == 1;

    /// <summary>Gives up what is due, a few at a time: from here on no row can take it. It is due again at the time given, should this not end well.</summary>
    public static Task<List<Leftover>> ClaimAsync(DbSession session, IReadOnlyList<string> kinds, long now, long again) =>
        session.QueryAsync<Leftover>(
            $"""
            update vault_leftovers set tries = tries + 1, due_at = @again
            where id in (select id from vault_leftovers where due_at <= @now and kind {session.In("kinds")} order by due_at limit 20)
            returning id, kind, reference, version, tries
            """,
            new { now, again, kinds = kinds.ToArray() });

    public static Task GoneAsync(DbSession session, Leftover leftover) =>
        session.ExecuteAsync("delete from vault_leftovers where id = @Id", new { leftover.Id });

    public static Task LaterAsync(DbSession session, Leftover leftover, long due, string reason) =>
        session.ExecuteAsync("update vault_leftovers set due_at = @due, reason = @reason where id = @Id", new { leftover.Id, due, reason });
}
