using Switchyard.GitHub.Rest;
using Switchyard.Server.Reports;

namespace Switchyard.Server.Dispatches;

/// <summary>The check run of a rule on a commit that it was started by: from waiting for quiet to how the Runs ended.</summary>
internal sealed class RuleReport : IReportContent
{
    public const string ReportKind = "rule";

    public string Kind => ReportKind;

    /// <summary>One check run for each rule and commit: how often the rule comes to it is told in it.</summary>
    public static ReportSubject SubjectOf(long providerId, long ruleId, string ruleName, long githubRepositoryId, string repositoryName, string sha) => new()
    {
        ProviderId = providerId,
        Kind = ReportKind,
        Subject = ruleId,
        GithubRepositoryId = githubRepositoryId,
        RepositoryName = repositoryName,
        Sha = sha,
        Name = "Switchyard / " + ruleName,
    };

    public Task<CheckRunDraft?> ComposeAsync(ReportSubject subject, CancellationToken cancellation) => Task.FromResult<CheckRunDraft?>(null);
}
