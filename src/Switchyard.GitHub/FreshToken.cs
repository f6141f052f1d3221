using System.Runtime.CompilerServices;

namespace Switchyard.GitHub;

/// <summary>
/// A token that GitHub has just made may be refused for some seconds: 401 or 403 by the API, 401 or 404 by git. Another
/// one would start the lag anew, so the same one is tried again while it is young (octokit/auth-app.js#65, #168).
/// </summary>
internal static class FreshToken
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)];

    // By reference: callers hand the string on that the token cache gave them, and nothing keeps it alive for us.
    private static readonly ConditionalWeakTable<string, Birth> Births = [];

    public static void Remember(string token, DateTimeOffset mintedAt) => Births.AddOrUpdate(token, new Birth(mintedAt));

    /// <summary>GitHub has accepted it: a 403 or 404 from now on means what it says.</summary>
    public static void Settle(string token)
    {
        if (Births.TryGetValue(token, out var birth))
        {
            birth.Settled = true;
        }
    }

    /// <summary>How long to wait before the same token is tried again, or null when it is no longer to be tried.</summary>
    /// <param name="attempt">How often it was tried again already.</param>
    /// <param name="settledToo">For a 401: not every server of GitHub's knows the token when the first one does.</param>
    public static TimeSpan? WaitBefore(int attempt, string? token, DateTimeOffset now, bool settledToo) =>
        token is not null
        && attempt < Waits.Length
        && Births.TryGetValue(token, out var birth)
        && now - birth.MintedAt < Young
        && (settledToo || !birth.Settled)
            ? Waits[attempt]
            : null;

    private sealed class Birth(DateTimeOffset mintedAt)
    {
        public DateTimeOffset MintedAt => mintedAt;

        public bool Settled { get; set; }
    }
}
