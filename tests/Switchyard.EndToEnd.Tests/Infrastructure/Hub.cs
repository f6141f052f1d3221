using System.Text;
using System.Text.Json.Nodes;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>What a client sees of Switchyard: its REST API.</summary>
internal sealed class Hub(HttpClient http)
{
    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync("GET", path, answer);
    }

    public async Task<JsonNode> PostAsync(string path, JsonNode? body = null)
    {
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync("POST", path, answer);
    }

    /// <summary>Every item of a list, over all pages.</summary>
    public async Task<List<JsonNode>> ListAsync(string path)
    {
        var items = new List<JsonNode>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync($"{path}{separator}limit=500{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            items.AddRange(page["items"]!.AsArray().Select(item => item!));
            cursor = page["nextCursor"]?.ToString();
        }

        return items;
    }

    public async Task<long> CountAsync(string path) =>
        (await GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "limit=1"))["total"]!.GetValue<long>();

    /// <summary>All Deliveries as <c>guid event state attempts</c>, sorted.</summary>
    public async Task<List<Received>> DeliveriesAsync() =>
        [.. (await ListAsync("/api/v1/deliveries")).Select(item => new Received(
            item["id"]!.ToString(), item["guid"]!.ToString(), item["event"]!.ToString(), item["state"]!.ToString(), item["attempts"]!.GetValue<long>(), item["outcome"]?.ToString(), item["source"]!.ToString(), item["error"]?.ToString()))];

    /// <summary>How many Deliveries wait for being worked off, now or at a later attempt.</summary>
    public async Task<long> PendingDeliveriesAsync() =>
        await CountAsync("/api/v1/deliveries?state=Received") + await CountAsync("/api/v1/deliveries?state=Failed");

    public async Task<JsonNode> RepositoryAsync(string fullName) => await GetAsync("/api/v1/repositories/by-name/" + fullName);

    /// <summary>Status, health, number of models and the codes of the reasons, as they stand.</summary>
    public async Task<string> ShowAsync(string fullName)
    {
        try
        {
            var shown = await RepositoryAsync(fullName);
            var reasons = shown["reasons"]!.AsArray().Select(reason => reason!["code"]!.ToString()).Order(StringComparer.Ordinal);
            return $"{shown["status"]} {shown["health"]}, {shown["models"]} models{string.Concat(reasons.Select(code => ", " + code))}";
        }
        catch (HubException missing) when (missing.Status == 404)
        {
            return "not here";
        }
    }

    /// <summary>The sentence that a reason is told by, or nothing.</summary>
    public async Task<string> SentenceAsync(string fullName, string code) =>
        (await RepositoryAsync(fullName))["reasons"]!.AsArray().FirstOrDefault(reason => reason!["code"]!.ToString() == code)?["sentence"]?.ToString() ?? "";

    /// <summary>
    /// All that the hub shows of a repository, in one order and without what differs between two hubs that hold the same:
    /// ids, times, addresses. Two dumps are equal exactly when the hubs show the same.
    /// </summary>
    public async Task<string> DumpAsync(string fullName)
    {
        var repository = await RepositoryAsync(fullName);
        var text = new StringBuilder();
        text.Append("head ").Append(repository["syncedHead"]).Append(" models ").Append(repository["models"]).Append(" versions ").Append(repository["versions"]).Append('\n');
        var models = await ListAsync("/api/v1/models?repository=" + Uri.EscapeDataString(fullName));
        // What is left out now has a history only where it was once taken in.
        models.RemoveAll(model => model["state"]!.ToString() == "Ignored");
        var versions = new string[models.Count];
        await Parallel.ForAsync(0, models.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            versions[i] = string.Join('\n', (await ListAsync($"/api/v1/models/{models[i]["id"]}/versions")).Select(version => "  " + Canonical(version)).Order(StringComparer.Ordinal)));
        foreach (var i in Enumerable.Range(0, models.Count).OrderBy(i => models[i]["path"]!.ToString(), StringComparer.Ordinal))
        {
            text.Append(Canonical(models[i])).Append('\n').Append(versions[i]).Append('\n');
        }

        return text.ToString();
    }

    private static string Canonical(JsonNode? item) => item is not JsonObject members
        ? item?.ToJsonString() ?? "null"
        : string.Join(' ', members.Where(member => !IsVolatile(member.Key)).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}={Canonical(member.Value)}"));

    private static bool IsVolatile(string name) =>
        name is "id" or "provider" or "repository" or "repositoryId" or "modelId" or "syncId" or "changedAt" or "htmlUrl";

    private static async Task<JsonNode> ReadAsync(string method, string path, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return !answer.IsSuccessStatusCode
            ? throw new HubException((int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}", text)
            : text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject();
    }

    internal sealed record Received(string Id, string Guid, string Event, string State, long Attempts, string? Outcome, string Source, string? Error);
}

/// <summary>The API refused.</summary>
internal sealed class HubException(int status, string message, string body) : Exception(message)
{
    public int Status => status;

    public string Body => body;
}
