namespace Switchyard.Rules;

/// <summary>The words of <see cref="RuleProblem.Code"/>.</summary>
public static class RuleProblemCode
{
    /// <summary>It is no YAML, or uses a part of YAML that rule files do not have.</summary>
    public const string Syntax = "Syntax";
    public const string TooLarge = "TooLarge";
    public const string UnknownKey = "UnknownKey";
    public const string MissingKey = "MissingKey";
    public const string DuplicateKey = "DuplicateKey";
    public const string WrongType = "WrongType";

    /// <summary>Not one of the words that are possible.</summary>
    public const string UnknownWord = "UnknownWord";

    /// <summary>A duration, pattern, name, time zone or the like that cannot be read.</summary>
    public const string Malformed = "Malformed";
    public const string Empty = "Empty";
    public const string Placeholder = "Placeholder";
    public const string DuplicateName = "DuplicateName";

    /// <summary>Two values that cannot both be meant.</summary>
    public const string Contradiction = "Contradiction";
    public const string TargetNotAllowed = "TargetNotAllowed";

    /// <summary>More than GitHub takes.</summary>
    public const string Limit = "Limit";
    public const string Loop = "Loop";

    /// <summary>It is good, and this version does not do it yet.</summary>
    public const string NotYet = "NotYet";

    /// <summary>One thing that happens starts the rule twice.</summary>
    public const string Twice = "Twice";
}
