using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Api;

/// <summary><c>-f key=value</c> (text), <c>-F key=value</c> (number, true, false, null, @file) and <c>--input FILE</c>.</summary>
internal sealed class ApiBody
{
    private readonly Option<string[]> text = new("--raw-field", "-f") { Description = "A member of the body (a parameter with GET), as text", HelpName = "KEY=VALUE" };
    private readonly Option<string[]> typed = new("--field", "-F") { Description = "The same, but numbers, true, false and null are such, and @FILE is the file's text", HelpName = "KEY=VALUE" };
    private readonly Option<string?> input = new("--input") { Description = "The whole body from a file; - is standard input", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(text);
        command.Add(typed);
        command.Add(input);
    }

    public async Task<(string Query, byte[]? Content)> ReadAsync(Invocation run, HttpMethod verb, CancellationToken cancellation)
    {
        var members = new JsonObject();
        foreach (var pair in run.Get(text) ?? [])
        {
            var (key, value) = Split(pair);
            members[key] = value;
        }

        foreach (var pair in run.Get(typed) ?? [])
        {
            var (key, value) = Split(pair);
            members[key] = await TypedAsync(run, value, cancellation);
        }

        if (run.Get(input) is { } file)
        {
            var bytes = file == "-"
                ? System.Text.Encoding.UTF8.GetBytes(await run.Terminal.In.ReadToEndAsync(cancellation))
                : await File.ReadAllBytesAsync(run.PathOf(file), cancellation);
            return (Query(members), bytes);
        }

        return verb == HttpMethod.Get ? (Query(members), null)
            : members.Count == 0 ? ("", null)
            : ("", System.Text.Encoding.UTF8.GetBytes(members.ToJsonString()));
    }

    private static string Query(JsonObject members) =>
        ApiClient.Query(members.Select(member => KeyValuePair.Create(member.Key, Members.Of(member.Value)))).TrimStart('?');

    private static (string Key, string Value) Split(string pair)
    {
        var at = pair.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (pair[..at], pair[(at + 1)..]) : throw CommandProblem.Usage($"A field is written KEY=VALUE, not \"{pair}\".");
    }

    private static async Task<JsonNode?> TypedAsync(Invocation run, string value, CancellationToken cancellation) => value switch
    {
        "true" => true,
        "false" => false,
        "null" => null,
        _ when value.StartsWith('@') => value == "@-" ? await run.Terminal.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(run.PathOf(value[1..]), cancellation),
        _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => value,
    };
}
