using System.Collections.Concurrent;
using Switchyard.GitHub;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>What the doctor finds about the targets of a file of rules, as warnings at the places in the file.</summary>
internal sealed class LoadedTargets(TargetAccess targets, WorkflowFiles files, ProviderConnections connections, ProviderStore providers, Database database, TimeProvider time) : IRuleTargets
{
    public const string NotReady = "TargetNotReady";
    public const string NotLookedAt = "TargetNotLookedAt";

    private const int AtOnce = 4;
    private const int MostProblems = 100;

    /// <summary>A Sync and a person wait for it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<RuleProblem>> LookAsync(RuleSourceKey key, RuleFileScope scope, RuleFile file, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        var round = new DoctorRound(targets, files, connections, providers, database, either.Token);
        var found = new ConcurrentBag<RuleProblem>();
        var actions = file.Rules.Where(rule => rule.Enabled).SelectMany(rule => rule.Do.Where(action => action is not JobAction).Select(action => (Rule: new BookRule(0, key.ProviderId, 0, key.Name, 0, true, rule, scope), Action: action)));
        await Parallel.ForEachAsync(actions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (pair, _) =>
        {
            foreach (var problem in await OneAsync(pair.Rule, pair.Action, round, cancellation))
            {
                found.Add(problem);
            }
        });
        return
        [
            .. found.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => problem.Message, StringComparer.Ordinal)
                .DistinctBy(problem => problem.Code == NotLookedAt ? problem.Message : $"{problem.Path} {problem.Message}").Take(MostProblems),
        ];
    }

    private static async Task<IReadOnlyList<RuleProblem>> OneAsync(BookRule rule, RuleAction action, DoctorRound round, CancellationToken cancellation)
    {
        var findings = new RuleFindings(rule.Rule.Name, rule.Key, rule.SourceName);
        try
        {
            await new TargetChecks(round).RunAsync(rule, action, await round.AppAsync(rule.ProviderId), findings);
        }
        catch (Exception failure) when (failure is GitHubException or InvalidOperationException)
        {
            return [Warning(action, NotLookedAt, $"{action.Target?.Text} was not looked at: GitHub could not be asked. {failure.Message}", null)];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [Warning(action, NotLookedAt, $"{action.Target?.Text} was not looked at: GitHub took longer than {Limit.TotalSeconds:0} s.", null)];
        }

        return
        [
            .. findings.All.Where(finding => finding.State == FindingState.Error).Select(finding => Warning(action, NotReady, $"{finding.Subject}: {finding.Message}", finding.Next)),

            // What only a signal tells has no next step; what the App may not read has.
            .. findings.All.Where(finding => finding is { State: FindingState.Unknown, Next: not null }).Select(finding => Warning(action, NotLookedAt, $"{finding.Subject} was not looked at. {finding.Message}", finding.Next)),
        ];
    }

    private static RuleProblem Warning(RuleAction action, string code, string message, string? next) => new()
    {
        Line = action.At?.Line ?? action.Line,
        Column = action.At?.Column ?? 1,
        Path = action.At?.Path ?? "",
        Severity = RuleProblemSeverity.Warning,
        Code = code,
        Message = message,
        Suggestion = next,
    };
}
