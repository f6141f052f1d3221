using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// What a workflow file says of how it is started. Files are other people's: reading one is bounded, and one that cannot be read
/// is none.
/// </summary>
internal sealed partial record WorkflowFile
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxDepth = 64;
    private const int MaxNodes = 100_000;

    public string? RunName { get; private init; }

    /// <summary>The types of repository_dispatch it listens to; empty: all; null: it does not listen to them.</summary>
    public IReadOnlyList<string>? DispatchTypes { get; private init; }

    /// <summary>The names of the inputs of workflow_dispatch; null where it has no such trigger.</summary>
    public IReadOnlyList<string>? Inputs { get; private init; }

    /// <summary>The same inputs with what is asked of them.</summary>
    public IReadOnlyList<WorkflowInput> Declared { get; private init; } = [];

    /// <summary>Whether it takes our id as an input.</summary>
    public bool TakesId => Inputs?.Contains(Switchyard.Rules.DispatchLimits.OwnInput, StringComparer.Ordinal) == true;

    /// <summary>Null where it is no YAML mapping.</summary>
    public static WorkflowFile? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(bytes)));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var nodes = 0;
            return Read(parser, 0, ref nodes) is Dictionary<string, object?> root ? Of(root) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The scanner is not total: broken input may end in exceptions of any kind.
            return null;
        }
    }

    public bool ListensTo(string eventType) => DispatchTypes is { } types && (types.Count == 0 || types.Contains(eventType, StringComparer.Ordinal));

    /// <summary>Whether the title of each of its runs shows our id: an expression that may leave it out does not count.</summary>
    public bool ShowsIdOf(string kind) => RunName is not null && (kind == DispatchKind.Workflow ? TakesId && InputShown().IsMatch(RunName) : PayloadShown().IsMatch(RunName));

    private static WorkflowFile Of(Dictionary<string, object?> root)
    {
        var on = root.GetValueOrDefault("on");
        var starts = Trigger(on, "workflow_dispatch", out var workflow);
        var inputs = ((workflow as Dictionary<string, object?>)?.GetValueOrDefault("inputs") as Dictionary<string, object?> ?? []).Select(pair => Input(pair.Key, pair.Value as Dictionary<string, object?> ?? [])).ToList();
        return new WorkflowFile
        {
            RunName = root.GetValueOrDefault("run-name") as string,
            DispatchTypes = Trigger(on, "repository_dispatch", out var dispatch) ? Words((dispatch as Dictionary<string, object?>)?.GetValueOrDefault("types")) : null,
            Inputs = starts ? [.. inputs.Select(input => input.Name)] : null,
            Declared = inputs,
        };
    }

    private static WorkflowInput Input(string name, Dictionary<string, object?> settings) => new(
        name, settings.GetValueOrDefault("required") is "true" or "True" or "TRUE", settings.GetValueOrDefault("default") is string, Words(settings.GetValueOrDefault("options")));

    private static bool Trigger(object? on, string name, out object? settings)
    {
        settings = (on as Dictionary<string, object?>)?.GetValueOrDefault(name);
        return on is Dictionary<string, object?> map ? map.ContainsKey(name) : Words(on).Contains(name, StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Words(object? value) => value switch
    {
        string word => [word],
        List<object?> list => [.. list.OfType<string>()],
        _ => [],
    };

    private static object? Read(Parser parser, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new FormatException("The file is too deep or too large.");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return scalar.Value;
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new List<object?>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Read(parser, depth + 1, ref nodes));
            }

            return list;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var map = new Dictionary<string, object?>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Read(parser, depth + 1, ref nodes) as string;
                var value = Read(parser, depth + 1, ref nodes);
                if (key is not null)
                {
                    map[key] = value;
                }
            }

            return map;
        }

        // An alias: GitHub knows none where triggers are.
        parser.MoveNext();
        return null;
    }

    // `a || b` is a, unless that is empty: ours is shown where it stands first, and where all before it belongs to the other trigger.
    [GeneratedRegex(@"\$\{\{\s*(github\.event\.client_payload(\.[\w-]+)+\s*\|\|\s*)*(github\.event\.)?inputs\.switchyard_id\s*(\|\|[^{}]*)?\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InputShown();

    [GeneratedRegex(@"\$\{\{\s*((github\.event\.)?inputs\.[\w-]+\s*\|\|\s*)*github\.event\.client_payload\.switchyard\.dispatch\s*(\|\|[^{}]*)?\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PayloadShown();
}

/// <summary>One input of workflow_dispatch; without options any text will do.</summary>
internal sealed record WorkflowInput(string Name, bool Required, bool HasDefault, IReadOnlyList<string> Options);
