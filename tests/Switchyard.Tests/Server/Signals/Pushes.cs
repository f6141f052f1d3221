using Switchyard.Server.Signals;

namespace Switchyard.Tests.Server.Signals;

/// <summary>Pushes as GitHub sends them, with as many fields as Signals read.</summary>
internal static class Pushes
{
    /// <summary>A commit id that stands for a letter or number.</summary>
    public static string Sha(int number) => number == 0 ? RefMove.Nothing : number.ToString("x40");

    public static object Payload(string name, int before, int after, long? pushedAt, string? commit = null, bool forced = false, object[]? commits = null) => new
    {
        @ref = name,
        before = Sha(before),
        after = Sha(after),
        created = before == 0,
        deleted = after == 0,
        forced,
        compare = "https://github.com/acme/models/compare/a...b",
        commits = commits ?? [],
        head_commit = after == 0 ? null : new { id = commit ?? Sha(after), timestamp = "2026-11-21T09:00:00Z" },
        pusher = new { name = "ann" },
        sender = new { login = "ann", type = "User" },
        repository = new
        {
            id = SignalWorld.Repository,
            name = "models",
            full_name = "acme/models",
            default_branch = "main",
            html_url = "https://github.com/acme/models",
            @private = true,
            owner = new { login = "acme" },
            pushed_at = pushedAt,
        },
    };

    public static object Commit(params string[] modified) => new { id = Sha(99), added = new[] { "added.md" }, removed = Array.Empty<string>(), modified };
}
