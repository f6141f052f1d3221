namespace Switchyard.Rules;

/// <summary>
/// What the starter files call what is handed over. A first rule gives these, as inputs or in the payload, and a starter workflow
/// takes them: GitHub refuses an input that the workflow does not declare, so both are written from here.
/// </summary>
public static class StarterNames
{
    /// <summary>The repository that changed, as <c>owner/name</c>.</summary>
    public const string Source = "source";

    /// <summary>The commit in it.</summary>
    public const string Sha = "sha";
}
