using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// Hackolade models in a line of commits: the first commit brings most of them, each of the others adds one and changes three.
/// Always the same bytes; made once by <c>git fast-import</c> and kept in <c>artifacts</c>.
/// </summary>
/// <param name="Name">The name in the account <c>acme</c> or <c>warm</c>.</param>
/// <param name="First">The number of the first model; two repositories share no content.</param>
/// <param name="Models">Models at the head.</param>
/// <param name="Commits">Commits on the default branch.</param>
internal sealed record GeneratedRepository(string Name, int First, int Models, int Commits)
{
    private const int Changes = 3;
    private const int Fields = 29;
    private const string Layout = "v2";

    /// <summary>10,000 models, 1,000 commits, about 82 MB over all versions.</summary>
    public static readonly GeneratedRepository Big = new("acme/big", 0, 10_000, 1_000);

    /// <summary>What a server has done before it is measured, so that its code is compiled.</summary>
    public static readonly GeneratedRepository Small = new("warm/small", 100_000, 3_000, 300);

    public int Versions => Models + ((Commits - 1) * Changes);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string PathOf(int model) => string.Create(CultureInfo.InvariantCulture, $"domain-{model % 100:00}/model-{model:00000}.hck.json");

    /// <summary>The folder of the bare repository.</summary>
    public async Task<string> MakeAsync()
    {
        var folder = Path.Combine(Checkout.Root, "artifacts", "perf", $"{Name.Replace('/', '-')}-{Layout}.git");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        Console.Error.WriteLine($"  generating {Name}, once ...");
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await GitCommand.RunAsync(null, ["init", "--quiet", "--bare", "--initial-branch=main", unfinished]);
        await GitCommand.RunAsync(unfinished, ["fast-import", "--quiet"], Write);
        await GitCommand.RunAsync(unfinished, ["repack", "-a", "-d", "--quiet"]);
        Directory.Move(unfinished, folder);
        return folder;
    }

    /// <summary>The text of a model at one of its versions; the version shows in one attribute.</summary>
    public static string TextOf(int model, int version)
    {
        var random = new Random((model * 31) + version);
        var fields = Enumerable.Range(0, Fields).Select(index => (JsonNode)new JsonObject
        {
            ["name"] = index == 0 ? "changed" + version.ToString(CultureInfo.InvariantCulture) : $"field{index}",
            ["type"] = Pick(random, "string", "numeric", "boolean", "date", "objectId"),
            ["isActivated"] = true,
            ["description"] = $"{Pick(random, "What", "When", "How much", "Who")} {random.Next(100_000)}",
            ["GUID"] = Id($"{model}.{index}"),
        });
        var entity = new JsonObject
        {
            ["GUID"] = Id($"{model}.entity"),
            ["collectionName"] = $"Entity{model}",
            ["type"] = "object",
            ["bucketId"] = Id($"{model}.bucket"),
            ["isActivated"] = true,
            ["properties"] = new JsonArray([.. fields]),
        };
        return new JsonObject
        {
            ["modelName"] = $"Model {model}",
            ["GUID"] = Id($"{model}.model"),
            ["appTarget"] = "MONGODB",
            ["buckets"] = new JsonArray(new JsonObject { ["GUID"] = Id($"{model}.bucket"), ["name"] = "main", ["type"] = "bucket", ["collectionIds"] = new JsonArray(Id($"{model}.entity")) }),
            ["relationships"] = new JsonArray(),
            ["views"] = new JsonArray(),
            ["definitions"] = new JsonObject { ["type"] = "definitions", ["properties"] = new JsonArray() },
            ["collections"] = new JsonArray(entity),
        }.ToJsonString(Indented);
    }

    private async Task Write(Stream stream)
    {
        var versions = new int[Models];
        var random = new Random(1);
        var present = Models - Commits + 1;
        await CommitAsync(stream, 1, Enumerable.Range(0, present), versions);
        for (var commit = 2; commit <= Commits; commit++)
        {
            var changed = new HashSet<int>();
            while (changed.Count < Changes)
            {
                changed.Add(random.Next(present));
            }

            await CommitAsync(stream, commit, changed.Append(present), versions);
            present++;
        }
    }

    private async Task CommitAsync(Stream stream, int number, IEnumerable<int> models, int[] versions)
    {
        var message = $"Change {number}";
        var person = string.Create(CultureInfo.InvariantCulture, $"A Modeller <modeller@example.test> {1_700_000_000 + (number * 600)} +0000");
        await TextAsync(stream, $"commit refs/heads/main\nauthor {person}\ncommitter {person}\ndata {message.Length}\n{message}\n");
        foreach (var model in models)
        {
            var text = Encoding.UTF8.GetBytes(TextOf(First + model, ++versions[model]));
            await TextAsync(stream, string.Create(CultureInfo.InvariantCulture, $"M 100644 inline {PathOf(model)}\ndata {text.Length}\n"));
            await stream.WriteAsync(text);
            await TextAsync(stream, "\n");
        }
    }

    private static ValueTask TextAsync(Stream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    private static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();
}
