using Switchyard.GitHub;
using Switchyard.Server.Providers;
using Switchyard.Server.Rules;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>Whether each App asks for what the rules need: what it does not ask for, no installation can grant.</summary>
internal static class AppChecks
{
    public static async Task<IReadOnlyList<DoctorFinding>> RunAsync(IReadOnlyList<BookRule> rules, DoctorRound round)
    {
        var findings = new List<DoctorFinding>();
        foreach (var ofProvider in rules.Where(rule => rule.Enabled).GroupBy(rule => rule.ProviderId))
        {
            try
            {
                if (await round.AppAsync(ofProvider.Key) is { Permissions: { } asked } app)
                {
                    findings.AddRange(Judge([.. ofProvider], asked, app));
                }
            }
            catch (Exception failure) when (failure is GitHubException or VaultException)
            {
                // Each rule of the provider says so.
            }
        }

        return findings;
    }

    private static List<DoctorFinding> Judge(List<BookRule> rules, IReadOnlyDictionary<string, string> asked, AppFacts app)
    {
        const int Named = 5;
        var subject = $"permissions of {app.Name}";
        var needs = rules.SelectMany(rule => RuleNeeds.Of(rule.Rule).Select(need => (Need: need, rule.Rule.Name))).ToLookup(pair => pair.Need, pair => pair.Name);
        var missing = needs.Where(need => !AccessibleRepository.Covers(asked, need.Key.Permission, need.Key.Level)).OrderByDescending(need => need.Key.IsMust).ToList();
        return missing.Count == 0
            ? [new DoctorFinding(null, null, null, subject, FindingState.Ok, $"It asks for all that the rules need: {string.Join(", ", needs.Select(need => need.Key).GroupBy(need => need.Permission, StringComparer.Ordinal).OrderBy(of => of.Key, StringComparer.Ordinal).Select(of => $"{of.Key}: {(of.Any(need => need.Level == "write") ? "write" : "read")}"))}.", null)]
            : [.. missing.Select(need => new DoctorFinding(
                null,
                null,
                null,
                subject,
                need.Key.IsMust ? FindingState.Error : FindingState.Warning,
                $"It does not ask for {need.Key.Title}, which {string.Join(", ", need.Take(Named))}{(need.Count() > Named ? $" and {need.Count() - Named} more" : "")} need{(need.Count() == 1 ? "s" : "")}: {need.Key.For}.",
                $"Add it in the App's settings ({app.SettingsUrl}), and have the owner of each installation approve it."))];
    }
}
