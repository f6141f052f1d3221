using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>A stage on which the same repository is mirrored again and again under other names, so that each run begins with nothing.</summary>
internal sealed class SyncWorld : IAsyncDisposable
{
    public const string Same = "the same models and versions";

    private const int Models = 40;
    private const int Commits = 620;
    private string reference = "";

    private SyncWorld(Stage stage) => Stage = stage;

    public static string Expected => "ended there, " + Same;

    public Stage Stage { get; }

    /// <summary>A bare repository from which the others are made.</summary>
    public string Source { get; private set; } = "";

    /// <summary>How long the Sync takes when nobody disturbs it.</summary>
    public TimeSpan Undisturbed { get; private set; }

    public static async Task<SyncWorld> StartAsync(string kind, StageOptions? options = null)
    {
        var world = new SyncWorld(await Stage.StartAsync(kind, options));
        try
        {
            // The first one warms the process up; the second one is the measure.
            await world.Stage.GitHub.AddAsync(NameOf("source"));
            await world.Stage.GitHub.ControlAsync("POST", $"/repositories/{NameOf("source")}/commits", new JsonObject { ["commits"] = History() });
            world.Source = (await world.Stage.GitHub.FindAsync(NameOf("source")))["folder"]!.ToString();
            await world.Stage.QuietAsync(NameOf("source"));
            var began = TimeProvider.System.GetTimestamp();
            await world.AddAsync("undisturbed");
            await world.Stage.QuietAsync(NameOf("undisturbed"));
            world.Undisturbed = TimeProvider.System.GetElapsedTime(began);
            world.reference = await world.Stage.Hub.DumpAsync(NameOf("undisturbed"));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public static string NameOf(string name) => $"{Stage.Account}/{name}";

    /// <summary>A Hackolade model as small as one can be.</summary>
    public static string SmallModel(string name, string comments = "") => new JsonObject
    {
        ["modelName"] = name,
        ["comments"] = comments,
        ["appTarget"] = "JSON",
        ["persistenceSchemaVersion"] = "1.0",
        ["collections"] = new JsonArray(),
        ["relationships"] = new JsonArray(),
    }.ToJsonString();

    public Task AddAsync(string name) => Stage.GitHub.AddAsync(NameOf(name), Source);

    /// <summary>A repository with so much content in its history that it does not wait in memory for the end of a batch.</summary>
    public async Task AddHeavyAsync(string name)
    {
        var random = new Random(12);
        var commits = new JsonArray();
        for (var i = 0; i < 14; i++)
        {
            var noise = new byte[900_000];
            random.NextBytes(noise);
            commits.Add(new JsonObject
            {
                ["message"] = $"Commit {i}",
                ["date"] = "2026-01-02T03:04:05Z",
                ["files"] = new JsonObject { ["heavy.hck.json"] = SmallModel("heavy", Convert.ToBase64String(noise)) },
            });
        }

        await Stage.GitHub.AddAsync(NameOf(name));
        await Stage.GitHub.ControlAsync("POST", $"/repositories/{NameOf(name)}/commits", new JsonObject { ["commits"] = commits });
    }

    public async Task<string> CompareAsync(string name) => Compare(reference, await Stage.Hub.DumpAsync(NameOf(name)));

    /// <summary>Says the first line in which two dumps differ.</summary>
    public static string Compare(string expected, string actual)
    {
        if (expected == actual)
        {
            return Same;
        }

        var (wanted, got) = (expected.Split('\n'), actual.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(wanted.Length, got.Length)).First(i => wanted.ElementAtOrDefault(i) != got.ElementAtOrDefault(i));
        return $"DIFFERENT in line {at}: expected [{wanted.ElementAtOrDefault(at)}], is [{got.ElementAtOrDefault(at)}]";
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    /// <summary>So many commits that the walk over them takes several batches; now and then a model is removed, and comes back later.</summary>
    private static JsonArray History()
    {
        var random = new Random(Commits);
        var commits = new JsonArray();
        for (var i = 0; i < Commits; i++)
        {
            var files = new JsonObject();
            for (var change = 0; change < 2; change++)
            {
                var path = $"area-{random.Next(4)}/model-{random.Next(Models / 4)}.hck.json";
                files[path] = i > 10 && random.Next(25) == 0 ? null : SmallModel($"{path} at {i}");
            }

            commits.Add(new JsonObject { ["message"] = $"Commit {i}", ["date"] = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(i).ToString("O"), ["files"] = files });
        }

        return commits;
    }
}
