using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>The repositories whose changes start a rule: whether the App sees them, and may read what the rule asks about.</summary>
internal sealed class SourceChecks(DoctorRound round)
{
    public async Task RunAsync(BookRule rule, AppFacts app, RuleFindings findings)
    {
        var linked = await round.SourcesAsync(rule.ProviderId);
        foreach (var trigger in rule.Rule.On)
        {
            if (trigger is RegistryTrigger registry)
            {
                findings.Unknown($"registry {registry.Registry}", "Changes of registries do not start anything in this version; that comes with the MLflow coupling.");
            }

            if (trigger is ModelTrigger { Changes.Count: > 0 } model)
            {
                findings.Error(
                    $"changes: [{string.Join(", ", model.Changes)}]",
                    "This version does not compare the versions of a model, so the class of a change is never known: the rule is Unknown for each, and does not start by it.",
                    $"Leave `changes` out in line {model.Line} of the rule's file; any changed model starts it then.");
            }

            foreach (var pattern in trigger.Repositories.Patterns.Where(pattern => !pattern.StartsWith('!')))
            {
                await (pattern.AsSpan().IndexOfAny('*', '?') < 0 ? OneAsync(rule, trigger, pattern, linked, app, findings) : SeveralAsync(rule, trigger, pattern, linked, app, findings));
            }
        }
    }

    private async Task OneAsync(BookRule rule, Trigger trigger, string name, List<SourceFacts> linked, AppFacts app, RuleFindings findings)
    {
        var answer = await round.FindAsync(rule.ProviderId, name);
        if (answer.Found is not { } found)
        {
            findings.Error(name, $"{answer.Reason} The rule never starts for it.", answer.NextStep);
            return;
        }

        var source = linked.Find(source => source.Id == found.GithubId);
        if (source is null)
        {
            findings.Error(
                name, $"{Capital(app.Name)} sees {found.FullName}, but it is not linked here, so nothing of it is read.", $"Link it: switchyard repo link {found.FullName} --provider {app.Provider.Slug}");
            return;
        }

        if (!source.FullName.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            findings.Error(name, $"It is called {source.FullName} now, and rules go by the name.", $"Write {source.FullName} in line {trigger.Line} of the rule's file.");
            return;
        }

        Judge(rule, trigger, name, found, app, findings);
    }

    private async Task SeveralAsync(BookRule rule, Trigger trigger, string pattern, List<SourceFacts> linked, AppFacts app, RuleFindings findings)
    {
        var only = PatternList.OfRepositories(pattern);
        var meant = linked.Where(source => only.Matches(source.FullName) && trigger.Repositories.Matches(source.FullName)).ToList();
        if (meant.Count == 0)
        {
            findings.Warning(pattern, $"No linked repository matches {pattern}, so the rule never starts by it.", "Correct the pattern, or give the App access to more repositories: switchyard repo list");
            return;
        }

        // An App has one installation on an account, with the same permissions for all of its repositories.
        foreach (var owner in meant.GroupBy(source => source.Owner, StringComparer.OrdinalIgnoreCase))
        {
            if ((await round.FindAsync(rule.ProviderId, owner.First().FullName)).Found is { } found)
            {
                Judge(rule, trigger, $"{pattern} ({owner.Count()} of {owner.Key})", found, app, findings);
            }
        }
    }

    private static void Judge(BookRule rule, Trigger trigger, string subject, AccessibleRepository found, AppFacts app, RuleFindings findings)
    {
        if (found.InstallationState != InstallationState.Active)
        {
            findings.Error(subject, found.InstallationReason ?? $"The installation on {found.Owner} is {found.InstallationState}.", $"An owner of {found.Owner} can change that on GitHub.");
            return;
        }

        var needs = RuleNeeds.Of(rule.Rule, trigger);
        var missing = needs.Where(need => !found.Grants(need.Permission, need.Level)).ToList();
        foreach (var need in missing)
        {
            var (message, next) = ($"{Capital(app.Name)} lacks {need.Title} on {found.FullName}: {need.For}.", $"Grant it in the App's settings ({app.SettingsUrl}), and have an owner of {found.Owner} approve it.");
            if (need.IsMust)
            {
                findings.Error(subject, message, next);
            }
            else
            {
                findings.Warning(subject, message, next);
            }
        }

        if (missing.Count == 0)
        {
            findings.Ok(subject, found.Permissions is null ? "It is seen; what the token may do, GitHub does not tell." : "Installed, with " + string.Join(", ", needs.Select(need => $"{need.Permission}: {need.Level}")) + ".");
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
