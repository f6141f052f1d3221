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
    /// pull request.
    /// </summary>
    public static string Key(Rule rule, SignalFacts facts) => throw new NotSupportedException();
}
