using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>The repositories in which a rule starts something: allowed, seen, permitted, and listening.</summary>
internal sealed class TargetChecks(DoctorRound round)
{
    private const int MostTargets = 50;

    public async Task RunAsync(BookRule rule, RuleAction action, AppFacts app, RuleFindings findings)
    {
        if (action is JobAction job)
        {
            findings.Error($"job {job.File.Text}", "Jobs run with the Azure ML coupling, which this version does not have yet.", "Take the job out of the rule, or start it from a workflow.");
            return;
        }

        var plans = StartPlan.Of(rule.Rule, action, await round.SourcesAsync(rule.ProviderId));
        if (plans.Count == 0)
        {
            findings.Unknown(action.Target!.Text, "Which repository that is, the source tells, and no linked repository is one.");
        }

        foreach (var plan in plans.Take(MostTargets))
        {
            await OneAsync(rule, action, plan, app, findings);
        }

        if (plans.Count > MostTargets)
        {
            findings.Unknown(action.Target!.Text, $"It stands for {plans.Count:N0} targets; the first {MostTargets} were looked at.");
        }
    }

    private async Task OneAsync(BookRule rule, RuleAction action, StartPlan plan, AppFacts app, RuleFindings findings)
    {
        if (TargetAccess.Refusal(rule.Scope, plan.Target) is { } refusal)
        {
            var parts = refusal.Split(". ", 2);
            findings.Error(plan.Target, parts[0] + ".", parts.Length > 1 ? parts[1] : null);
            return;
        }

        var answer = await round.FindAsync(rule.ProviderId, plan.Target);
        if (answer.Found is not { } target)
        {
            findings.Error(plan.Target, answer.Reason!, answer.NextStep);
            return;
        }

        if (target.InstallationState != InstallationState.Active)
        {
            findings.Error(plan.Target, target.InstallationReason ?? $"The installation on {target.Owner} is {target.InstallationState}.", $"An owner of {target.Owner} can change that on GitHub.");
            return;
        }

        if (!target.FullName.Equals(plan.Target, StringComparison.OrdinalIgnoreCase))
        {
            findings.Warning(plan.Target, $"It is called {target.FullName} now; GitHub still leads there, until somebody takes the old name.", $"Write {target.FullName} in line {action.Line} of the rule's file.");
        }

        if (Permitted(action, target, app, findings))
        {
            await (action is WorkflowAction workflow ? new WorkflowChecks(round).RunAsync(workflow, plan, target, findings) : new ListenerChecks(round).RunAsync(plan, target, findings));
        }
    }

    private static bool Permitted(RuleAction action, AccessibleRepository target, AppFacts app, RuleFindings findings)
    {
        var next = $"Grant it in the App's settings ({app.SettingsUrl}), and have an owner of {target.Owner} approve it.";
        var (permission, title) = action is WorkflowAction ? ("actions", "*Actions: write*") : ("contents", "*Contents: write*");
        var permitted = target.Grants(permission, "write");
        if (!permitted)
        {
            findings.Error(target.FullName, $"{char.ToUpperInvariant(app.Name[0])}{app.Name[1..]} lacks {title} on {target.FullName}: GitHub refuses to start anything there.", next);
        }

        if (!target.Grants("actions", "read"))
        {
            findings.Warning(target.FullName, $"{char.ToUpperInvariant(app.Name[0])}{app.Name[1..]} lacks *Actions: read* on {target.FullName}: the Run cannot be followed.", next);
            return false;
        }

        return permitted;
    }
}
