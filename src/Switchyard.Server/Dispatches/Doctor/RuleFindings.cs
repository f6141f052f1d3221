namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>The findings of one rule, in the order in which it was looked at.</summary>
internal sealed class RuleFindings(string? rule, string? ruleId, string source)
{
    private readonly List<DoctorFinding> all = [];

    public IReadOnlyList<DoctorFinding> All => all;

    public void Ok(string subject, string message) => Add(subject, FindingState.Ok, message, null);

    public void Warning(string subject, string message, string next) => Add(subject, FindingState.Warning, message, next);

    public void Error(string subject, string message, string? next) => Add(subject, FindingState.Error, message, next);

    public void Unknown(string subject, string message, string? next = null) => Add(subject, FindingState.Unknown, message, next);

    /// <summary>Triggers and actions share repositories; nobody needs to read the same twice.</summary>
    private void Add(string subject, string state, string message, string? next)
    {
        var finding = new DoctorFinding(rule, ruleId, source, subject, state, message, next);
        if (!all.Contains(finding))
        {
            all.Add(finding);
        }
    }
}
