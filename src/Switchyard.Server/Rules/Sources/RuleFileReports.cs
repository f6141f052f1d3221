using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>
/// The check run on the commit of a rule file that has something wrong with it, with an annotation at each place; it turns green
/// when the same commit is judged again and is good. A file that never had a problem gets none.
/// </summary>
internal sealed class RuleFileReports(Database database, ReportStore reports, Lanes lanes) : IReportContent
{
    private const string CheckName = "Switchyard / rules";

    public string Kind => "file";

    /// <summary>Asks for the check run, and gives what is to be done after the commit.</summary>
    public async Task<Action> WantAsync(DbSession session, RuleSource source, RuleRevision revision, string? commit)
    {
        if (commit is null || source.GithubRepositoryId is not { } repository
            || (revision.ProblemList.Count == 0 && await session.ScalarAsync<long>("select count(*) from reports where kind = @Kind and subject = @Id and sha = @commit", new { Kind, source.Id, commit }) == 0))
        {
            return () => { };
        }

        var lane = await reports.WantAsync(
            session,
            new ReportSubject { ProviderId = source.ProviderId, Kind = Kind, Subject = source.Id, GithubRepositoryId = repository, RepositoryName = source.Name, Sha = commit, Name = CheckName },
            ends: true);
        return () => lanes.Kick(ReportLane.Worker, lane);
    }

    public async Task<CheckRunDraft?> ComposeAsync(ReportSubject subject, CancellationToken cancellation)
    {
        var (source, revision) = await database.ReadAsync(
            async session => (
                await session.FirstAsync<RuleSource>($"select {RuleSource.Columns} from {RuleSource.From} where s.id = @Subject", subject),
                await session.FirstAsync<RuleRevision>(
                    $"select {RuleRevision.Columns} from rule_revisions where source_id = @Subject and (commit_sha = @Sha or id = (select read_revision_id from rule_sources where id = @Subject)) order by number desc limit 1", subject)),
            cancellation);
        return source is null || revision is null ? null : Draft(source.Path, revision, hadGood: source.RevisionId is not null);
    }

    internal static CheckRunDraft Draft(string path, RuleRevision revision, bool hadGood)
    {
        var problems = revision.ProblemList;
        var errors = problems.Count(problem => problem.Severity == RuleProblemSeverity.Error);
        return new CheckRunDraft
        {
            Status = "completed",
            Conclusion = revision.IsGood ? problems.Count == 0 ? "success" : "neutral" : "failure",
            Title = revision.IsGood
                ? problems.Count == 0 ? "These rules are in force" : $"In force, with {Counted(problems.Count, "warning")}"
                : $"{Counted(errors, "error")}: {(hadGood ? "the rules that were in force before stay so" : "no rules of this file are in force")}",
            Summary = Summary(path, revision, problems, hadGood),
            Annotations = [.. problems.Select(problem => Annotate(path, problem))],
        };
    }

    internal static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Summary(string path, RuleRevision revision, IReadOnlyList<RuleProblem> problems, bool hadGood)
    {
        var lines = problems.Select(problem => $"- line {problem.Line}, column {problem.Column}: {problem.Message} {problem.Suggestion}".TrimEnd());
        return revision.IsGood
            ? $"`{path}` was read and is in force since this commit.\n\n{string.Join('\n', lines)}"
            : $"`{path}` cannot be used as it is. Nothing of this commit's rules is in force; {(hadGood ? "those of the last good one are" : "there was no good one before")}.\n\n{string.Join('\n', lines)}\n\nWhat the rules start is looked at once there are no errors. Try it before pushing: `switchyard rule check {path}`.";
    }

    private static CheckAnnotation Annotate(string path, RuleProblem problem) =>
        new(path, problem.Line, problem.Line, problem.Severity == RuleProblemSeverity.Error ? "failure" : "warning", $"{problem.Message} {problem.Suggestion}".TrimEnd())
        {
            StartColumn = problem.Column,
            EndColumn = problem.Column,
            Title = problem.Code,
        };
}
