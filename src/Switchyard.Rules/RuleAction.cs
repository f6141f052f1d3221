using System.Text.Json.Nodes;

namespace Switchyard.Rules;

/// <summary>One entry below <c>do:</c>.</summary>
public abstract record RuleAction
{
    /// <summary><c>workflow</c>, <c>dispatch</c> or <c>job</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>1-based.</summary>
    public int Line { get; init; }

    /// <summary>Where it names the workflow, the type of the event or the job's file; null where it was not read from a file.</summary>
    public TextPlace? At { get; init; }

    /// <summary>The repository that it starts something in, <c>owner/name</c> when rendered; null for a job.</summary>
    public virtual Template? Target => null;
}

/// <summary>Starts a workflow by workflow_dispatch.</summary>
public sealed record WorkflowAction : RuleAction
{
    public override string Kind => "workflow";

    public override Template? Target => Repository;

    public required Template Repository { get; init; }

    /// <summary>The file's name in <c>.github/workflows</c>, or the workflow's numeric id.</summary>
    public required Template File { get; init; }

    /// <summary>Branch or tag; null: the target's default branch.</summary>
    public Template? Ref { get; init; }

    /// <summary>At most 24: the 25th is ours (<c>switchyard_id</c>).</summary>
    public IReadOnlyDictionary<string, Template> Inputs { get; init; } = new Dictionary<string, Template>();
}

/// <summary>Sends a repository_dispatch.</summary>
public sealed record DispatchAction : RuleAction
{
    public override string Kind => "dispatch";

    public override Template? Target => Repository;

    public required Template Repository { get; init; }

    /// <summary>1 to 100 characters when rendered.</summary>
    public required Template EventType { get; init; }

    /// <summary>At most 9 keys: the 10th is ours (<c>switchyard</c>).</summary>
    public PayloadObject Payload { get; init; } = PayloadObject.Empty;
}

/// <summary>Starts a job of Azure ML.</summary>
public sealed record JobAction : RuleAction
{
    public override string Kind => "job";

    /// <summary>The name of the connection.</summary>
    public required string Registry { get; init; }

    /// <summary>The job's YAML in the source repository.</summary>
    public required Template File { get; init; }

    /// <summary>Values put over those of the file, by dotted path, as <c>az ml job create --set</c> does.</summary>
    public IReadOnlyDictionary<string, Template> Set { get; init; } = new Dictionary<string, Template>();
}

/// <summary>A JSON value with placeholders in it.</summary>
public abstract record PayloadValue
{
    /// <summary>The value with all placeholders filled in.</summary>
    public abstract JsonNode? Render(IPlaceholders placeholders);
}

/// <summary>A number, truth value or null, kept as it is.</summary>
public sealed record PayloadLiteral(JsonNode? Value) : PayloadValue
{
    public override JsonNode? Render(IPlaceholders placeholders) => Value?.DeepClone();
}

/// <summary>A text; one that is a single placeholder alone becomes what that stands for, be it a list.</summary>
public sealed record PayloadText(Template Text) : PayloadValue
{
    public override JsonNode? Render(IPlaceholders placeholders) => Text.RenderJson(placeholders);
}

public sealed record PayloadList(IReadOnlyList<PayloadValue> Items) : PayloadValue
{
    public override JsonNode? Render(IPlaceholders placeholders) => new JsonArray([.. Items.Select(item => item.Render(placeholders))]);
}

/// <param name="Members">In the order of the file.</param>
public sealed record PayloadObject(IReadOnlyList<KeyValuePair<string, PayloadValue>> Members) : PayloadValue
{
    public static PayloadObject Empty { get; } = new([]);

    /// <summary>Always a <see cref="JsonObject"/>.</summary>
    public override JsonNode Render(IPlaceholders placeholders) =>
        new JsonObject(Members.Select(member => KeyValuePair.Create(member.Key, member.Value.Render(placeholders))));
}
