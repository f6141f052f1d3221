using System.Text;
using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;

namespace Switchyard.EndToEnd.Tests.Payloads;

/// <summary>A body with the event it is sent as and the signature that GitHub's own library made of it.</summary>
internal sealed record Vector(string Name, string Event, byte[] Body, string Signature)
{
    /// <summary>The 156 real payloads, the five edge bodies, and the example of GitHub's documentation, which is no JSON.</summary>
    public static IReadOnlyList<Vector> ReadAll()
    {
        var folder = SharedFolder.Require("github", "payloads");
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "signatures.json")))!;
        var example = json["docs_vector"]!;
        return
        [
            .. json["vectors"]!.AsArray().Select(vector => vector!["file"] is { } file
                ? new Vector(file.ToString(), vector["event"]!.ToString(), File.ReadAllBytes(Path.Combine(folder, file.ToString())), vector["signature256"]!.ToString())
                : new Vector(vector["edge"]!.ToString(), "ping", Convert.FromBase64String(vector["body_b64"]!.ToString()), vector["signature256"]!.ToString())),
            new Vector("docs", "push", Encoding.UTF8.GetBytes(example["payload"]!.ToString()), example["header"]!.ToString()),
        ];
    }
}
