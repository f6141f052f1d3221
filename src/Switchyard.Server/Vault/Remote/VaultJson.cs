using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Server.Vault.Remote;

/// <summary>The JSON that vaults send and take; members are looked for leniently.</summary>
internal static class VaultJson
{
    public static readonly MediaTypeHeaderValue MediaType = new("application/json");

    /// <summary>Null where the body is no JSON.</summary>
    public static JsonNode? Read(VaultAnswer answer)
    {
        try
        {
            return JsonNode.Parse(answer.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member at the path, as text; null where it is not there.</summary>
    public static string? Text(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = node is JsonObject parent ? parent[name] : null;
        }

        return node is JsonValue value ? value.ToString() : null;
    }

    /// <summary>Every text that was sent, which an answer may repeat and an error must not.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? sent) => sent switch
    {
        JsonObject parent => [.. parent.SelectMany(member => Texts(member.Value))],
        JsonArray list => [.. list.SelectMany(Texts)],
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    public static HttpContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaType;
        return content;
    }

    /// <summary>A value as the vault holds it.</summary>
    public static byte[] Decode(string? base64, string vault, string what)
    {
        try
        {
            return Convert.FromBase64String(base64 ?? "!");
        }
        catch (FormatException)
        {
            throw new VaultException($"{vault} answered the request to {what} with something else than Switchyard wrote there. Was the secret changed in the vault? Set it again here.");
        }
    }
}
