namespace Switchyard.Rules.Language;

/// <summary>
/// What a value may be. The one description of the language: the checker, the JSON Schema and the reference in the documentation
/// are made from it.
/// </summary>
internal abstract record Spec
{
    /// <summary>What is expected, for messages and the reference: <c>a duration such as 30s</c>.</summary>
    public abstract string Expected { get; }
}

internal enum Presence
{
    Optional,
    Required,

    /// <summary>In a repository's own file it is that repository where it is left out.</summary>
    RequiredElsewhere,
}

/// <param name="Name">As written in the file.</param>
/// <param name="Value">What it may be.</param>
/// <param name="Sentence">What it does.</param>
/// <param name="Presence">Whether it may be left out.</param>
/// <param name="Default">What holds when it is left out, as it would be written.</param>
internal sealed record KeySpec(string Name, Spec Value, string Sentence, Presence Presence = Presence.Optional, string? Default = null)
{
    /// <summary>What people write instead, for the suggestion.</summary>
    public IReadOnlyList<string> Instead { get; init; } = [];
}

/// <summary>A mapping with known keys.</summary>
/// <param name="Noun">Its name: <c>rule</c>, <c>push</c>.</param>
/// <param name="Keys">In the order of the documentation.</param>
/// <param name="Short">What may be written in place of the mapping.</param>
/// <param name="MayBeEmpty">Nothing at all stands for a mapping without keys.</param>
internal sealed record MapSpec(string Noun, IReadOnlyList<KeySpec> Keys, Spec? Short = null, bool MayBeEmpty = false) : Spec
{
    /// <summary>Exactly one key is given.</summary>
    public bool OneKey { get; init; }

    /// <summary>At least one key is given.</summary>
    public bool SomeKey { get; init; }

    /// <summary>In place of all its keys.</summary>
    public string? Phrase { get; init; }

    /// <summary>What it is called in messages.</summary>
    public string Title => Noun.Contains("rule", StringComparison.Ordinal) || Noun == "action" ? $"the {Noun}" : $"\"{Noun}\"";

    public override string Expected => Phrase ?? (Short is null ? Mapping : $"{Short.Expected}, or {Mapping}");

    private string Mapping => $"a mapping with {(OneKey || SomeKey ? Names.OneOf(Keys.Select(key => key.Name)) : Names.All(Keys.Select(key => key.Name)))}";
}

/// <param name="Item">What each of them is.</param>
/// <param name="OneAlone">One may stand without a list around it.</param>
/// <param name="Noun">What they are, in plural.</param>
internal sealed record ListSpec(Spec Item, string Noun, bool OneAlone = true) : Spec
{
    /// <summary>Each Signal is held against all entries: their number is bounded, so that no file makes that slow.</summary>
    public int Most => Item is MapSpec { Noun: "rule" } ? 1_000 : 200;

    public override string Expected => OneAlone ? $"{Item.Expected}, or a list of {Noun}" : $"a list of {Noun}";
}

/// <summary>One of some words.</summary>
internal sealed record WordSpec(params IReadOnlyList<string> Words) : Spec
{
    public override string Expected => Words.Count == 1 ? Words[0] : Names.OneOf(Words);
}

internal sealed record TruthSpec : Spec
{
    public override string Expected => "true or false";
}

/// <summary>The version of the language.</summary>
internal sealed record VersionSpec : Spec
{
    public override string Expected => "1";
}

/// <param name="Expected">What is expected, for messages.</param>
/// <param name="Kind">How it is checked.</param>
/// <param name="Example">For the schema and the reference.</param>
/// <param name="Pattern">A regular expression for the schema, where one says it.</param>
internal sealed record TextSpec(string Expected, TextKind Kind, string Example, string? Pattern = null) : Spec
{
    public override string Expected { get; } = Expected;
}

internal enum TextKind
{
    /// <summary>Any text but an empty one.</summary>
    Plain,
    Template,
    Duration,
    Cron,
    TimeZone,
    RuleName,
    RepositoryPattern,
    Repository,
    RepositoryTemplate,
    WorkflowFile,
    Ref,
    EventType,
    BranchPattern,
    TagPattern,
    PathPattern,
    NamePattern,
    Login,
    InputName,
    QuietKey,
}

/// <summary>Free names with values of one kind.</summary>
/// <param name="Value">What each is.</param>
/// <param name="Noun">What they are, in plural.</param>
internal sealed record FreeMapSpec(Spec Value, string Noun, TextKind NameKind = TextKind.Plain) : Spec
{
    public override string Expected => $"a mapping of {Noun}";
}

/// <summary>Any JSON with placeholders in its texts.</summary>
internal sealed record PayloadSpec : Spec
{
    public override string Expected => "a mapping";
}
