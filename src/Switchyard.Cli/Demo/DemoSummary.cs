using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Demo;

/// <summary>What is in the hub at the end, read over its API.</summary>
internal static class DemoSummary
{
    private static readonly string[] Figures = ["models", "versions", "containers", "entities", "attributes", "relationships", "views"];

    public static async Task<JsonObject> ReadAsync(ApiClient api, double seconds, CancellationToken cancellation)
    {
        var repositories = new JsonArray();
        foreach (var listed in (await api.ListAsync("api/v1/repositories", [], 10_000, cancellation)).Items.OrderBy(item => Members.At(item, "fullName"), StringComparer.Ordinal))
        {
            repositories.Add(Repository((await api.GetAsync("api/v1/repositories/" + Members.At(listed, "id"), cancellation))!));
        }

        return new JsonObject { ["repositories"] = repositories, ["deliveries"] = await DeliveriesAsync(api, cancellation), ["seconds"] = Math.Round(seconds, 2) };
    }

    public static string Text(JsonObject summary)
    {
        var lines = new List<string>();
        foreach (var repository in summary["repositories"]!.AsArray())
        {
            lines.Add($"{Members.At(repository, "fullName")}  {Members.At(repository, "status")} at {Members.At(repository, "head")}: {string.Join(", ", ((string[])["models", "versions", "problems"]).Select(what => Counted.Of(Members.Number(repository, what) ?? 0, what)))}");
            foreach (var (format, figures) in repository!["formats"]!.AsObject())
            {
                lines.Add($"  {format}: {string.Join(", ", figures!.AsObject().Select(figure => Counted.Of(figure.Value!.GetValue<long>(), figure.Key)))}");
            }
        }

        if (summary["switch"] is JsonObject trace)
        {
            lines.Add($"Switched: {string.Join(" -> ", DemoSwitch.Steps(trace))}");
        }

        var deliveries = summary["deliveries"]!.AsObject();
        lines.Add($"Deliveries: {string.Join(", ", deliveries.Select(count => $"{count.Value} {count.Key}"))}. {summary["seconds"]} s.");
        return string.Join('\n', lines) + "\n";
    }

    private static JsonObject Repository(JsonNode repository)
    {
        var formats = new JsonObject();
        foreach (var format in repository["formats"] as JsonArray ?? [])
        {
            formats[Members.At(format, "format")!] = new JsonObject(Figures.Select(figure => KeyValuePair.Create(figure, (JsonNode?)Members.Number(format, figure))));
        }

        return new JsonObject
        {
            ["fullName"] = Members.At(repository, "fullName"),
            ["head"] = Members.At(repository, "syncedHead"),
            ["status"] = Members.At(repository, "status"),
            ["models"] = Members.Number(repository, "models"),
            // Those of removed models as well: what was in the repository stays in the hub.
            ["versions"] = Members.Number(repository, "versions"),
            ["problems"] = Members.Number(repository, "problems"),
            ["formats"] = formats,
        };
    }

    private static async Task<JsonObject> DeliveriesAsync(ApiClient api, CancellationToken cancellation)
    {
        var counts = new JsonObject { ["total"] = (await api.ListAsync("api/v1/deliveries", [], 1, cancellation)).Total };
        foreach (var state in (string[])["Handled", "Received", "Failed", "Dead"])
        {
            counts[state.ToLowerInvariant()] = (await api.ListAsync("api/v1/deliveries", [new("state", state)], 1, cancellation)).Total;
        }

        return counts;
    }
}
