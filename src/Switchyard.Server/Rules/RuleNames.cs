using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>The rules that a filter can name: those in force, and those that were, whose history is asked for.</summary>
internal sealed class RuleNames(Database database) : IRuleNames
{
    public async Task<ProblemHttpResult?> MissingAsync(string reference, CancellationToken cancellation)
    {
        var known = await database.ReadAsync(session => session.QueryAsync<(long Id, string Name)>("select id, name from rules"), cancellation);
        return known.Exists(rule => rule.Name == reference || rule.Id.ToString(CultureInfo.InvariantCulture) == reference)
            ? null
            : Problem.NotFound(
                $"There is no rule \"{reference}\", nor was there one.{(Nearest.Of(reference, known.Select(rule => rule.Name)) is { } near ? $" Did you mean \"{near}\"?" : "")}",
                new NextStep("List rules", Href: "/api/v1/rules", Command: "switchyard rule list"));
    }
}
