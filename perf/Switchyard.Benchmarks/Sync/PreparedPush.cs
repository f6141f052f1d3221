using System.Globalization;
using System.Text.Json.Nodes;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Pushes whose commits GitHub has already, each on a branch of its own: to push is to write one small file and to send one
/// delivery, which takes nearly no processor from the server.
/// </summary>
internal sealed record PreparedPush(string Repository, long RepositoryId, string Folder, string Branch, string Before, string Sha)
{
    private const int Models = 4;

    /// <summary>Makes the repositories of the account <c>acme</c>, and the pushes to them in turn, one model changed in each.</summary>
    public static async Task<List<PreparedPush>> MakeAsync(Hub hub, int repositories, int pushes)
    {
        var made = new List<(string Name, JsonNode Json, string Head)>();
        for (var i = 0; i < repositories; i++)
        {
            var name = "acme/busy-" + i.ToString(CultureInfo.InvariantCulture);
            var files = Enumerable.Range(i * Models, Models).Select(model => KeyValuePair.Create(GeneratedRepository.PathOf(model), (JsonNode?)GeneratedRepository.TextOf(model, 1)));
            var json = await hub.ControlAsync("repositories", new JsonObject { ["fullName"] = name, ["files"] = new JsonObject(files) });
            made.Add((name, json, "main"));
        }

        var prepared = new List<PreparedPush>();
        for (var i = 0; i < pushes; i++)
        {
            var (name, json, parent) = made[i % repositories];
            var branch = "push-" + i.ToString(CultureInfo.InvariantCulture);
            var model = (i % repositories * Models) + (i / repositories % Models);
            var pushed = await hub.ControlAsync($"repositories/{name}/commits", new JsonObject
            {
                ["branch"] = branch,
                ["parent"] = parent,
                ["message"] = "One file",
                ["files"] = new JsonObject { [GeneratedRepository.PathOf(model)] = GeneratedRepository.TextOf(model, 2 + i) },
            });
            var folder = json["folder"]!.ToString();
            var sha = pushed["sha"]!.ToString();
            var before = parent == "main" ? await File.ReadAllTextAsync(RefOf(folder)) : parent;
            prepared.Add(new PreparedPush(name, json["id"]!.GetValue<long>(), folder, branch, before.Trim(), sha));
            made[i % repositories] = (name, json, sha);
        }

        return prepared;
    }

    /// <summary>Moves the default branch as git does, by a rename, and says so; the delivery's GUID is the commit.</summary>
    public async Task PushAsync(Hub hub)
    {
        var reference = RefOf(Folder);
        await File.WriteAllTextAsync(reference + ".lock", Sha + "\n");
        File.Move(reference + ".lock", reference, overwrite: true);
        await hub.ControlAsync("deliveries", new JsonObject
        {
            ["app"] = Hub.App,
            ["event"] = "push",
            ["guid"] = Sha,
            ["payload"] = new JsonObject
            {
                ["ref"] = "refs/heads/main",
                ["before"] = Before,
                ["after"] = Sha,
                ["repository"] = new JsonObject { ["id"] = RepositoryId, ["full_name"] = Repository, ["default_branch"] = "main" },
            },
        });
    }

    private static string RefOf(string folder) => Path.Combine(folder, "refs", "heads", "main");
}
