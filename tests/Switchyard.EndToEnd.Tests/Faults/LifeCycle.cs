using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>What owners do to installations and repositories: the API shows what is so and why, and nothing is deleted.</summary>
public sealed class LifeCycle
{
    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Installations(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = await NewAsync(stage, "models");

        await stage.GitHub.ControlAsync("POST", $"/installations/{stage.Installation}/suspend");
        await ShowsAsync(rows, stage, "installation suspended", repository, "Synced Suspended, 2 models, InstallationSuspended");
        await ListsAsync(rows, stage, "installation suspended, its state", "acme Suspended");
        await stage.GitHub.CommitAsync(repository, new JsonObject { ["c.hck.json"] = SyncWorld.SmallModel("c") });
        await stage.GitHub.ControlAsync("POST", $"/installations/{stage.Installation}/unsuspend");
        await ShowsAsync(rows, stage, "installation unsuspended, after a push that nobody told of", repository, "Synced Healthy, 3 models");
        await ListsAsync(rows, stage, "installation unsuspended, its state", "acme Active");

        var before = (await stage.Hub.RepositoryAsync(repository))["id"]!.ToString();
        await stage.GitHub.ControlAsync("POST", $"/installations/{stage.Installation}/reinstall");
        await stage.GitHub.CommitAsync(repository, new JsonObject { ["d.hck.json"] = SyncWorld.SmallModel("d") });
        await ShowsAsync(rows, stage, "installation deleted and installed again", repository, "Synced Healthy, 4 models");
        await ListsAsync(rows, stage, "installation deleted and installed again, its state", "acme Active, acme Removed");
        rows.Add("installation deleted and installed again: the same repository", before, (await stage.Hub.RepositoryAsync(repository))["id"]!.ToString());

        var installation = (await stage.GitHub.ControlAsync("GET", "/installations")).AsArray().Last()!["id"];
        await stage.GitHub.ControlAsync("POST", $"/installations/{installation}/delete");
        await ShowsAsync(rows, stage, "installation deleted", repository, "Synced Missing, 4 models, RepositoryMissing");
        rows.Verify();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Repositories(string kind)
    {
        await using var stage = await Stage.StartAsync(kind);
        var rows = new FaultRows(kind);
        var repository = await NewAsync(stage, "models");
        var id = (await stage.Hub.RepositoryAsync(repository))["id"]!.ToString();

        await stage.GitHub.ActAsync(repository, "rename", new JsonObject { ["name"] = "renamed" });
        await stage.GitHub.CommitAsync("acme/renamed", new JsonObject { ["c.hck.json"] = SyncWorld.SmallModel("c") });
        await CountsAsync(rows, stage, "repository renamed", "acme/renamed", $"Synced Healthy, 3 models, id {id}", id);

        await stage.GitHub.ActAsync("acme/renamed", "archive");
        await EndsAsync(rows, stage, "repository archived", "acme/renamed", shown => shown["archived"]!.GetValue<bool>() && shown["reasons"]!.AsArray().Any(reason => reason!["code"]!.ToString() == "ArchivedRepository"), "archived, ArchivedRepository");
        await stage.GitHub.ActAsync("acme/renamed", "unarchive");
        await EndsAsync(rows, stage, "repository unarchived", "acme/renamed", shown => !shown["archived"]!.GetValue<bool>() && shown["reasons"]!.AsArray().Count == 0, "not archived, no reason");

        await stage.GitHub.ActAsync("acme/renamed", "transfer", new JsonObject { ["owner"] = "elsewhere" });
        await ByIdAsync(rows, stage, "repository transferred to where the App is not installed", id, "Missing RepositoryMissing");
        await stage.InstallAsync("elsewhere");
        await stage.GitHub.CommitAsync("elsewhere/renamed", new JsonObject { ["d.hck.json"] = SyncWorld.SmallModel("d") });
        await CountsAsync(rows, stage, "repository transferred, and the App installed there", "elsewhere/renamed", $"Synced Healthy, 4 models, id {id}", id);

        var moving = await NewAsync(stage, "moving");
        var moved = (await stage.Hub.RepositoryAsync(moving))["id"]!.ToString();
        await stage.GitHub.ActAsync(moving, "transfer", new JsonObject { ["owner"] = "elsewhere" });
        await CountsAsync(rows, stage, "repository transferred to where the App is installed already", "elsewhere/moving", $"Synced Healthy, 2 models, id {moved}", moved);

        var doomed = await NewAsync(stage, "doomed");
        var old = (await stage.Hub.RepositoryAsync(doomed))["id"]!.ToString();
        await stage.GitHub.ActAsync(doomed, "recreate");
        await stage.GitHub.CommitAsync(doomed, new JsonObject { ["z.hck.json"] = SyncWorld.SmallModel("z") });
        await ByIdAsync(rows, stage, "repository recreated: the old one", old, "Missing RepositoryMissing");
        await ShowsAsync(rows, stage, "repository recreated: the new one of that name", doomed, "Synced Healthy, 1 models");
        rows.Add("repository recreated: two repositories", "2 of that name", $"{(await stage.Hub.ListAsync("/api/v1/repositories")).Count(item => item["fullName"]!.ToString() == doomed)} of that name");

        await stage.GitHub.AddAsync("acme/empty");
        await ShowsAsync(rows, stage, "repository without a commit", "acme/empty", "Synced Healthy, 0 models, EmptyRepository");
        await stage.GitHub.CommitAsync("acme/empty", new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a") });
        await ShowsAsync(rows, stage, "repository with its first commit", "acme/empty", "Synced Healthy, 1 models");
        rows.Verify();
    }

    internal static async Task<string> NewAsync(Stage stage, string name)
    {
        var repository = $"{Stage.Account}/{name}";
        await stage.GitHub.AddAsync(repository, files: new JsonObject { ["a.hck.json"] = SyncWorld.SmallModel("a"), ["b.hck.json"] = SyncWorld.SmallModel("b") });
        await stage.QuietAsync(repository);
        return repository;
    }

    /// <summary>What is shown of the repository when nothing moves any more.</summary>
    internal static async Task ShowsAsync(FaultRows rows, Stage stage, string what, string repository, string expected)
    {
        var shown = await LastAsync(() => stage.Hub.ShowAsync(repository), text => text == expected);
        rows.Add(what, expected, shown);
    }

    /// <summary>The value when it is right, or what it is when patience is at an end.</summary>
    internal static async Task<T> LastAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo)
    {
        T last = default!;
        try
        {
            return await Waiting.UntilAsync(async () => last = await ask(), isSo, Stage.Patience, "it is as expected");
        }
        catch (TimeoutException)
        {
            return last;
        }
    }

    private static async Task ListsAsync(FaultRows rows, Stage stage, string what, string expected)
    {
        var shown = await LastAsync(
            async () => string.Join(", ", (await stage.Hub.ListAsync("/api/v1/installations")).Select(item => $"{item["account"]} {item["state"]}").Order(StringComparer.Ordinal)), text => text == expected);
        rows.Add(what, expected, shown);
    }

    private static async Task CountsAsync(FaultRows rows, Stage stage, string what, string repository, string expected, string id)
    {
        var shown = await LastAsync(
            async () =>
            {
                var found = await stage.Hub.ShowAsync(repository);
                return found == "not here" ? found : $"{found}, id {(await stage.Hub.RepositoryAsync(repository))["id"]}";
            },
            text => text == expected);
        rows.Add(what, expected, shown);
    }

    private static async Task ByIdAsync(FaultRows rows, Stage stage, string what, string id, string expected)
    {
        var shown = await LastAsync(
            async () =>
            {
                var found = await stage.Hub.GetAsync("/api/v1/repositories/" + id);
                return $"{found["health"]} {string.Join(' ', found["reasons"]!.AsArray().Select(reason => reason!["code"]))}";
            },
            text => text == expected);
        rows.Add(what, expected, shown);
    }

    private static async Task EndsAsync(FaultRows rows, Stage stage, string what, string repository, Func<JsonNode, bool> isSo, string expected)
    {
        var shown = await LastAsync(() => stage.Hub.RepositoryAsync(repository), isSo);
        rows.Add(what, expected, isSo(shown) ? expected : $"archived {shown["archived"]}, {shown["reasons"]!.ToJsonString()}");
    }
}
