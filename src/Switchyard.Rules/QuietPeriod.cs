namespace Switchyard.Rules;

/// <summary>The arithmetic of quiet periods.</summary>
public static class QuietPeriod
{
    /// <summary>When it will have been quiet for long enough: <c>min(last + for, first + max)</c>.</summary>
    public static DateTimeOffset Due(Quiet quiet, DateTimeOffset first, DateTimeOffset last)
    {
        var (calm, latest) = (last + quiet.For, first + quiet.Max);
        return calm < latest ? calm : latest;
    }

    /// <summary>
    /// What is quiet together within a rule: what <see cref="Quiet.Key"/> renders to, else the repository and its branch, tag or
    /// pull request. Without a source the model of the registry; else nothing tells two apart.
    /// </summary>
    public static string Key(Rule rule, SignalFacts facts)
    {
        if (rule.Quiet.Key is { } key)
        {
            return key.Render(new Placeholders(facts, rule.Name, ""));
        }

        // The numeric id outlives names, so that a rename while it is quiet parts nothing.
        var source = facts.Source is { } repository ? (repository.Id != 0 ? repository.Id.ToString() : repository.FullName.ToLowerInvariant()) : "";
        var subject = facts switch
        {
            { PullRequest: { } pull } => $"pull/{pull.Number}",
            { Tag: { } tag } => $"tag/{tag}",
            { Release.Tag: { } tag } => $"tag/{tag}",
            { Registry: { } registry } => $"registry/{registry.Name}/{registry.Model}",
            { Branch: { } branch } => $"branch/{branch}",
            { Sha: { } sha } => $"commit/{sha}",
            _ => "",
        };
        return $"{source}:{subject}";
    }
}
