using Switchyard.Rules;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>Whether the App is told of what the rule needs to know.</summary>
internal static class EventChecks
{
    public static void Run(Rule rule, AppFacts app, RuleFindings findings)
    {
        var subject = $"events of {app.Name}";
        var events = app.HasWebhook ? app.Events ?? [] : [];
        var untold = Told(rule).Where(need => !events.Contains(need.Event, StringComparer.Ordinal)).ToList();
        foreach (var need in untold)
        {
            Untold(subject, need.Event, need.What, app, findings);
        }

        var polled = Polled(rule).Where(name => !events.Contains(name, StringComparer.Ordinal)).ToList();
        if (app.HasWebhook && polled.Count > 0)
        {
            findings.Warning(
                subject,
                $"The App is not subscribed to {string.Join(", ", polled.Select(name => $"`{name}`"))}: that is found by polling, which is later.",
                $"Subscribe to {string.Join(", ", polled)} in the App's settings: {app.SettingsUrl}");
        }
        else if (untold.Count == 0)
        {
            findings.Ok(subject, app.HasWebhook ? "Subscribed to all that the rule needs." : $"{NoWebhook(app)}; what the rule needs is found by polling.");
        }
    }

    private static void Untold(string subject, string name, string what, AppFacts app, RuleFindings findings)
    {
        if (app.HasHooks)
        {
            findings.Unknown(subject, $"What `{name}` tells ({what}), nothing else does. Whether a webhook that was set up by hand tells it, GitHub does not say.", $"See that the webhooks of the repositories send {name}.");
        }
        else if (app.HasWebhook)
        {
            findings.Error(
                subject, $"The App is not subscribed to `{name}`, by which alone {what} is told: the rule never starts by it.", $"Subscribe to {name} in the App's settings: {app.SettingsUrl}");
        }
        else
        {
            findings.Error(
                subject, $"{NoWebhook(app)}, and {what} is told by `{name}` alone: the rule never starts by it.", "Give the App a webhook, for which the server needs a public URL (serve --public-url), or have the rule start by push.");
        }
    }

    private static string NoWebhook(AppFacts app) => app.Events is null ? "A token gets no deliveries" : "The App has no webhook";

    /// <summary>What nothing but a delivery tells.</summary>
    private static IEnumerable<(string Event, string What)> Told(Rule rule)
    {
        if (rule.On.Any(trigger => trigger is PullRequestTrigger))
        {
            yield return ("pull_request", "a pull request");
        }

        if (rule.On.Any(trigger => trigger is ReleaseTrigger))
        {
            yield return ("release", "a release");
        }
    }

    /// <summary>What is looked for as well.</summary>
    private static IEnumerable<string> Polled(Rule rule)
    {
        if (rule.On.Any(trigger => trigger is PushTrigger or TagTrigger or ModelTrigger))
        {
            yield return "push";
        }

        if (rule.Checks is not null || rule.On.Any(trigger => trigger is ChecksTrigger))
        {
            yield return "check_run";
            yield return "check_suite";
            yield return "status";
        }

        if (rule.Do.Any(action => action is WorkflowAction))
        {
            yield return "workflow_dispatch";
        }

        if (rule.Do.Any(action => action is DispatchAction))
        {
            yield return "repository_dispatch";
        }

        if (rule.Do.Any(action => action is WorkflowAction or DispatchAction))
        {
            yield return "workflow_run";
        }
    }
}
