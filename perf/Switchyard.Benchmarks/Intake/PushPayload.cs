using System.Globalization;
using System.Text.Json;

namespace Switchyard.Benchmarks.Intake;

/// <summary>Pushes of 8.7 KB, the size of GitHub's own example, each of another repository, and so of another lane.</summary>
internal static class PushPayload
{
    public const int FirstRepository = 4711;

    /// <summary>The time of the push, which tells equal moves of a branch apart; ten digits as long as anybody measures.</summary>
    public const long FirstPush = 1_795_000_000;

    public static byte[][] Of(int repositories, int first = FirstRepository) => [.. Enumerable.Range(first, repositories).Select(id => Of(id, "acme", "models"))];

    public static byte[] Of(long id, string owner, string name)
    {
        var commits = Enumerable.Range(0, 14).Select(i => new
        {
            id = i.ToString("x40", CultureInfo.InvariantCulture),
            message = $"Change model {i} because the order has a new attribute, and say so in the description",
            timestamp = "2026-11-21T06:30:00Z",
            author = new { name = "A Modeller", email = "modeller@example.com", username = "modeller" },
            added = new[] { $"models/added-{i}.hck.json" },
            removed = Array.Empty<string>(),
            modified = new[] { $"models/area-{i}/model-{i}.hck.json", $"docs/area-{i}.md" },
        });
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            @ref = "refs/heads/topic",
            before = new string('1', 40),
            after = new string('2', 40),
            repository = new { id, name, full_name = $"{owner}/{name}", default_branch = "main", pushed_at = FirstPush, owner = new { login = owner, id = 1 } },
            pusher = new { name = "modeller" },
            sender = new { login = "modeller", id = 2 },
            installation = new { id = 99 },
            created = false,
            deleted = false,
            forced = false,
            commits,
        });
    }
}
