using System.Text.Json.Nodes;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Whose rules a file holds, which decides what it may start things in.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Name"><c>owner/name</c> of the repository it is in, or what local rules are called.</param>
internal sealed record RulePlace(RuleFileKind Kind, string Name)
{
    public const string LocalName = "local";

    public static RulePlace Local(string? name = null) => new(RuleFileKind.Local, name ?? LocalName);

    public override string ToString() => Kind switch
    {
        RuleFileKind.Central => $"central rules of {Owner}",
        RuleFileKind.Repository => $"rules of {Name}",
        _ => $"local rules \"{Name}\"",
    };

    public string Owner => Name.Split('/')[0];

    /// <summary>
    /// Judges the text without a server. Which targets an administrator has allowed is not known here: those of others are
    /// only warned of.
    /// </summary>
    public RuleFileResult Judge(string text)
    {
        if (Kind == RuleFileKind.Repository)
        {
            return RuleFile.Parse(text, RuleFileScope.ForRepository(Owner, Name.Split('/')[1]));
        }

        var open = RuleFile.Parse(text, Kind == RuleFileKind.Central ? RuleFileScope.Central(Owner, ["*/*"]) : RuleFileScope.Local(["*/*"]));
        if (Kind == RuleFileKind.Local)
        {
            return open;
        }

        var foreign = RuleFile.Parse(text, RuleFileScope.Central(Owner)).Problems.Where(problem => problem.Code == RuleProblemCode.TargetNotAllowed)
            .Select(problem => problem with
            {
                Severity = RuleProblemSeverity.Warning,
                Message = $"{problem.Message.TrimEnd('.')}, as far as can be told without a server.",
            });
        return open with { Problems = [.. open.Problems.Concat(foreign).OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)] };
    }

    /// <summary>The members of a request that say whose file it would be.</summary>
    public JsonObject Request(string text, string? provider) => new() { ["text"] = text, ["provider"] = provider, ["kind"] = Kind.ToString(), ["source"] = Name };
}
