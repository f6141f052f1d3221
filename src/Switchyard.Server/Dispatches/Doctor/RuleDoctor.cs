using System.Globalization;
using Switchyard.GitHub;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>
/// Looks at all that a rule needs on GitHub before something has to come of it: installations, permissions, events, workflow
/// files with their triggers and inputs. It reads only.
/// </summary>
internal sealed class RuleDoctor(
    RuleBook book, RuleSourceStore sources, TargetAccess targets, WorkflowFiles files, ProviderConnections connections, ProviderStore providers, Database database)
{
    private const int AtOnce = 4;

    /// <param name="rule">Name or id; null: all that are on, and the files they are from.</param>
    /// <returns>Null where there is no such rule.</returns>
    public async Task<IReadOnlyList<DoctorFinding>?> RunAsync(string? rule, CancellationToken cancellation)
    {
        var all = (await book.OpenAsync(cancellation)).All.OrderBy(one => one.Id).ToList();
        var meant = rule is null ? all : all.FindAll(one => one.Rule.Name.Equals(rule, StringComparison.OrdinalIgnoreCase) || one.Key == rule);
        if (rule is not null && meant.Count == 0)
        {
            return null;
        }

        var round = new DoctorRound(targets, files, connections, providers, database, cancellation);
        var found = new IReadOnlyList<DoctorFinding>[meant.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, meant.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, _) => found[i] = await OneAsync(meant[i], rule is not null, round));
        return [.. rule is null ? await FilesAsync(cancellation) : [], .. await AppChecks.RunAsync(meant, round), .. found.SelectMany(findings => findings)];
    }

    private static async Task<IReadOnlyList<DoctorFinding>> OneAsync(BookRule rule, bool isNamed, DoctorRound round)
    {
        var findings = new RuleFindings(rule.Rule.Name, rule.Key, rule.SourceName);
        if (!rule.Enabled)
        {
            findings.Unknown("rule", "It is switched off, and starts nothing.", $"switchyard rule enable {rule.Key}");
            if (!isNamed)
            {
                return findings.All;
            }
        }

        AppFacts? app = null;
        await AskAsync("GitHub", findings, async () => app = await round.AppAsync(rule.ProviderId));
        if (app is null)
        {
            return findings.All;
        }

        EventChecks.Run(rule.Rule, app, findings);
        await AskAsync("sources", findings, () => new SourceChecks(round).RunAsync(rule, app, findings));
        foreach (var action in rule.Rule.Do)
        {
            await AskAsync(action.Target?.Text ?? action.Kind, findings, () => new TargetChecks(round).RunAsync(rule, action, app, findings));
        }

        return findings.All;
    }

    /// <summary>What GitHub refuses here, it refuses when the rule starts; what cannot be asked now is not known. The rest is looked at all the same.</summary>
    private static async Task AskAsync(string subject, RuleFindings findings, Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (GitHubException passing) when (passing.Kind is GitHubErrorKind.RateLimited or GitHubErrorKind.Server or GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Protocol)
        {
            findings.Unknown(subject, $"GitHub could not be asked: {passing.Message}");
        }
        catch (Exception refused) when (refused is GitHubException or VaultException)
        {
            findings.Error(subject, refused.Message, null);
        }
    }

    /// <summary>Files that were read and are not in force, or only in an older revision.</summary>
    private async Task<List<DoctorFinding>> FilesAsync(CancellationToken cancellation)
    {
        var findings = new List<DoctorFinding>();
        foreach (var source in (await sources.ListAsync(cancellation)).Where(source => source.State == RuleSourceState.Broken))
        {
            var problems = (await sources.FindRevisionAsync(source.ReadRevisionId, cancellation))?.ProblemList.Where(problem => problem.Severity == RuleProblemSeverity.Error).ToList() ?? [];
            var kept = source.RevisionId is null ? "None of its rules is in force." : "The last good revision stays in force.";
            findings.Add(new DoctorFinding(
                null,
                null,
                source.Name,
                $"{source.Name} {source.Path}",
                FindingState.Error,
                $"It has {problems.Count.ToString(CultureInfo.InvariantCulture)} error{(problems.Count == 1 ? "" : "s")}.{(problems.FirstOrDefault() is { } first ? $" The first is in line {first.Line.ToString(CultureInfo.InvariantCulture)}: {$"{first.Message} {first.Suggestion}".TrimEnd()}" : "")} {kept}",
                "Correct it and push; all errors: switchyard rule sources --state broken"));
        }

        return findings;
    }
}
