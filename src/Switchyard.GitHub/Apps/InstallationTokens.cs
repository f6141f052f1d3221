using System.Collections.Concurrent;

namespace Switchyard.GitHub.Apps;

/// <summary>
/// The tokens of an App's installations, by installation, repositories and permissions (host and App are the
/// connection's). Each is made once for however many callers, and renewed ahead of its end while the old one serves.
/// </summary>
public sealed class InstallationTokens
{
    private const int SlotsBeforeSweep = 4096;
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Key, Slot> slots = new();
    private readonly Func<long, TokenScope, CancellationToken, Task<InstallationToken>> mint;
    private readonly TimeProvider time;
    private readonly Action<GitHubNotice>? notice;
    private int sweepAt = SlotsBeforeSweep;

    internal InstallationTokens(
        Func<long, TokenScope, CancellationToken, Task<InstallationToken>> mint,
        TimeProvider time,
        Action<GitHubNotice>? notice = null)
    {
        this.mint = mint;
        this.time = time;
        this.notice = notice;
    }

    /// <summary>A token that is valid for at least some minutes more. Without any work when one is at hand.</summary>
    /// <exception cref="GitHubException">No token could be made: suspended, gone, not granted, or no connection.</exception>
    public ValueTask<InstallationToken> GetAsync(long installationId, TokenScope scope, CancellationToken cancellation = default)
    {
        if (slots.TryGetValue(new Key(installationId, scope), out var slot) && slot.Current is { } token && time.GetUtcNow() < token.RefreshAt)
        {
            return new ValueTask<InstallationToken>(token);
        }

        return new ValueTask<InstallationToken>(GetSlowlyAsync(new Key(installationId, scope), cancellation));
    }

    /// <summary>Forgets all tokens of an installation: it was suspended, deleted, or its grant changed.</summary>
    public void Evict(long installationId)
    {
        foreach (var (key, _) in slots.Where(entry => entry.Key.Installation == installationId))
        {
            slots.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets one token that was refused; one that has taken its place meanwhile stays.</summary>
    public void Evict(long installationId, string token)
    {
        foreach (var (key, slot) in slots.Where(entry => entry.Key.Installation == installationId && entry.Value.Current?.Value == token))
        {
            slots.TryRemove(KeyValuePair.Create(key, slot));
        }
    }

    /// <summary>Forgets the token of one scope: git refused it, and a token that lost its repository never gets it back.</summary>
    public void Evict(long installationId, TokenScope scope) => slots.TryRemove(new Key(installationId, scope), out _);

    private Task<InstallationToken> GetSlowlyAsync(Key key, CancellationToken cancellation)
    {
        var slot = slots.GetOrAdd(key, static _ => new Slot());
        Sweep();
        Task<InstallationToken> minting;
        lock (slot)
        {
            var now = time.GetUtcNow();
            var usable = slot.Current is { } token && now < token.UsableUntil ? token : null;
            if (usable is not null && now < usable.RefreshAt)
            {
                return Task.FromResult(usable);
            }

            if (slot.Minting is null && (usable is null || now >= slot.NextRefresh))
            {
                // For everybody who waits, so no single caller's cancellation ends it.
                slot.Minting = Task.Run(() => MintAsync(key, slot, usable is not null), CancellationToken.None);
            }

            if (usable is not null)
            {
                return Task.FromResult(usable);
            }

            minting = slot.Minting!;
        }

        return minting.WaitAsync(cancellation);
    }

    private async Task<InstallationToken> MintAsync(Key key, Slot slot, bool ahead)
    {
        try
        {
            var token = await mint(key.Installation, key.Scope, CancellationToken.None);
            FreshToken.Remember(token.Value, token.MintedAt);
            lock (slot)
            {
                slot.Current = token;
                slot.Minting = null;
            }

            notice?.Invoke(new GitHubNotice(GitHubNoticeKind.TokenMinted, $"A token was made for installation {key.Installation} ({key.Scope}).", key.Installation));
            return token;
        }
        catch (Exception error)
        {
            lock (slot)
            {
                slot.Minting = null;
                slot.NextRefresh = time.GetUtcNow() + RefreshPause;
            }

            Judge(key, slot, error);
            if (!ahead)
            {
                throw;
            }

            notice?.Invoke(new GitHubNotice(GitHubNoticeKind.TokenRefreshFailed, $"The token of installation {key.Installation} was not renewed: {error.Message}", key.Installation));
            return slot.Current!;
        }
    }

    private void Judge(Key key, Slot slot, Exception error)
    {
        switch ((error as GitHubException)?.Kind)
        {
            case GitHubErrorKind.Suspended or GitHubErrorKind.InstallationGone:
                Evict(key.Installation);
                break;
            case GitHubErrorKind.NotGranted or GitHubErrorKind.Unauthorized:
                slots.TryRemove(KeyValuePair.Create(key, slot));
                break;
        }
    }

    /// <summary>Scopes by repository come and go; what has ended is dropped now and then.</summary>
    private void Sweep()
    {
        if (slots.Count < Volatile.Read(ref sweepAt))
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var entry in slots.Where(entry => entry.Value.Current is { } token && token.ExpiresAt < now && entry.Value.Minting is null))
        {
            slots.TryRemove(entry);
        }

        Volatile.Write(ref sweepAt, Math.Max(SlotsBeforeSweep, slots.Count * 2));
    }

    private readonly record struct Key(long Installation, TokenScope Scope);

    private sealed class Slot
    {
        private InstallationToken? current;

        public InstallationToken? Current
        {
            get => Volatile.Read(ref current);
            set => Volatile.Write(ref current, value);
        }

        public Task<InstallationToken>? Minting { get; set; }

        public DateTimeOffset NextRefresh { get; set; }
    }
}
