using System.Text.RegularExpressions;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>The named boundaries at which the process is ended, by the suite that ends it there.</summary>
public sealed partial class KillPoints
{
    /// <summary>From the request to the answer 202.</summary>
    internal static readonly string[] Intake = ["delivery-before-store", "delivery-committed", "delivery-stored", "delivery-before-answer"];

    /// <summary>From the stored Delivery to its effects.</summary>
    internal static readonly string[] WorkingOff = ["delivery-effects-written", "delivery-handled"];

    /// <summary>The walk over the App's delivery log.</summary>
    internal static readonly string[] Recovery = ["recovery-log-listed", "recovery-before-checkpoint"];

    internal static readonly string[] Installations = ["installations-listed", "installations-stored"];

    internal static readonly string[] Linking = ["repositories-listed", "repositories-linked"];

    /// <summary>A Sync of a repository that is new here.</summary>
    internal static readonly string[] Sync =
    [
        "sync-taken", "sync-origin-read", "sync-fetched", "sync-planned", "sync-head-batch-stored", "sync-head-stored",
        "sync-history-batch-stored", "sync-walked", "sync-recounted", "sync-finished",
    ];

    /// <summary>A Sync with much content.</summary>
    internal static readonly string[] Heavy = ["sync-contents-stored"];

    /// <summary>A Sync after a forced push.</summary>
    internal static readonly string[] Rewriting = ["sync-fork-marked", "sync-history-batch-stored", "sync-recounted"];

    /// <summary>From a Signal to the Run of a Dispatch, and the check run on the commit.</summary>
    internal static readonly string[] Switching =
    [
        "evaluations-written", "signals-evaluated", "pending-due", "pending-intents-written", "pending-released",
        "dispatch-intent", "dispatch-sending", "dispatch-called", "dispatch-recorded", "report-creating", "report-created", "report-sent",
    ];

    /// <summary>What waits, and what is not known of yet: rules, moved refs, checks, and an answer that was lost.</summary>
    internal static readonly string[] WhileWaiting = ["pending-waits", "checks-read", "poll-refs-listed", "rules-loaded", "dispatch-looked"];

    /// <summary>A secret on its way into another vault.</summary>
    internal static readonly string[] Vaults = ["vault-noted", "vault-written", "vault-swapped"];

    /// <summary>Exists only while the protection is switched off that keeps the cursor in the transaction of its batch.</summary>
    internal static readonly string[] Unprotected = ["sync-history-cursor-alone"];

    private static string Source => Path.Combine(SharedFolder.Repository, "src");

    [Fact]
    public void Every_fault_point_of_the_source_is_in_a_row_of_the_table()
    {
        Assert.Equal(InSource(Reached()), string.Join('\n', ((string[])[.. Intake, .. WorkingOff, .. Recovery, .. Installations, .. Linking, .. Sync, .. Heavy, .. Rewriting, .. Switching, .. WhileWaiting, .. Vaults, .. Unprotected])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_protection_of_the_source_has_a_control_row()
    {
        Assert.Equal(InSource(Protects()), string.Join('\n', Controls.All.Concat(SwitchControls.All).Order(StringComparer.Ordinal)));
    }

    private static string InSource(Regex pattern) => string.Join('\n', Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => pattern.Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [GeneratedRegex("FaultPoint\\.Reached\\(\"(?<name>[^\"]+)\"\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reached();

    [GeneratedRegex("FaultPoint\\.Protects\\(\"(?<name>[^\"]+)\"\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Protects();
}
