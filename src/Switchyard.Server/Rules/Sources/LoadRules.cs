using System.Text;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>A file of rules as it was judged and stored.</summary>
internal sealed record LoadedRules(RuleSource Source, RuleRevision Revision);

/// <summary>
/// Judges a file of rules whole: by itself, by what it may start things in, and together with the rules of all other files. A
/// good one is in force from then on; one with errors is kept beside the last good one, with what is wrong.
/// </summary>
internal sealed partial class LoadRules(Database database, RuleSourceStore sources, RuleBook book, RuleFileReports reports, ILogger<LoadRules> logger)
{
    public async Task<LoadedRules> LoadAsync(RuleSourceKey key, string text, string? commit, string loadedBy, CancellationToken cancellation)
    {
        var result = await JudgeAsync(key, text, cancellation);
        var kick = () => { };
        var loaded = await database.WriteAsync(
            async session =>
            {
                var (source, revision) = await sources.SaveAsync(session, key, text, commit, loadedBy, result);
                kick = await reports.WantAsync(session, source, revision, commit);
                FaultPoint.Reached("rules-loaded");
                return new LoadedRules(source, revision);
            },
            cancellation);

        // What asks from memory whether a rule wants to know sees the new ones at once.
        await book.OpenAsync(cancellation);
        kick();
        if (loaded.Revision.IsGood)
        {
            Log.Loaded(logger, key.Name, loaded.Revision.Number, result.File!.Rules.Count);
        }
        else
        {
            Log.Broken(logger, key.Name, loaded.Revision.Number, result.Problems[0].ToString());
        }

        return loaded;
    }

    /// <summary>All that is wrong with the text if it were the file's; nothing is stored.</summary>
    public async Task<RuleFileResult> JudgeAsync(RuleSourceKey key, string text, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(text) is var size && text.Contains('\0', StringComparison.Ordinal))
        {
            return Refused($"{key.Path} holds a NUL character among its {size:N0} bytes: it is no text file. Write it as UTF-8.");
        }

        var (allowed, known) = await database.ReadAsync(
            async session => (
                await RuleScopes.ListAllowedAsync(session, key.ProviderId),
                (await session.QueryAsync<string>("select lower(owner || '/' || name) from repositories where provider_id = @ProviderId and linked = 1 and unlinked = 0", new { key.ProviderId })).ToHashSet(StringComparer.Ordinal)),
            cancellation);
        var scope = RuleScopes.Of(key.Kind, key.Name, allowed);
        var result = RuleFile.Parse(text, scope);
        if (result.File is not { } file)
        {
            return result;
        }

        var others = (await book.OpenAsync(cancellation)).All
            .Where(rule => rule.Enabled && rule.ProviderId == key.ProviderId && !(rule.SourceName == key.Name && rule.Scope.Kind == key.Kind))
            .Select(rule => new GraphRule(rule.Scope.Kind == RuleFileKind.Repository ? $"{rule.SourceName}/{ReadRuleFiles.OwnPath}" : rule.SourceName, rule.Rule));
        var name = key.Kind == RuleFileKind.Repository ? $"{key.Name}/{ReadRuleFiles.OwnPath}" : key.Name;
        var own = file.Rules.Where(rule => rule.Enabled).Select(rule => new GraphRule(name, rule));
        var problems = result.Problems
            .Concat(RuleGraph.Problems(name, [.. others, .. own]))
            .Concat(MissingTargets(file, known))
            .OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)
            .ToList();
        return new RuleFileResult(problems.Exists(problem => problem.Severity == RuleProblemSeverity.Error) ? null : file, problems);
    }

    public static RuleFileResult Refused(string message) =>
        new(null, [new RuleProblem { Line = 1, Column = 1, Path = "", Code = "Unreadable", Message = message }]);

    /// <summary>Targets that no installation of the App covers. One with a placeholder is only known when it comes to it.</summary>
    private static IEnumerable<RuleProblem> MissingTargets(RuleFile file, HashSet<string> known) =>
        from rule in file.Rules
        from action in rule.Do.Select((action, position) => (Action: action, Position: position))
        where action.Action.Target is { IsLiteral: true } target && !known.Contains(target.Text.ToLowerInvariant())
        let name = action.Action.Target!.Text
        let near = Nearest.Of(name, known)
        select new RuleProblem
        {
            Line = action.Action.Line,
            Column = 1,
            Path = $"do[{action.Position}].{action.Action.Kind}.repository",
            Code = "MissingTarget",
            Message = $"Rule \"{rule.Name}\" starts something in {name}, and no installation of the App covers a repository of that name.",
            Suggestion = near is null ? "Give the App access to it on GitHub, or correct the name." : $"Did you mean {near}? Otherwise give the App access to it on GitHub.",
        };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "RulesLoaded: {Source}, revision {Revision}, {Count} rules.", EventName = "RulesLoaded")]
        public static partial void Loaded(ILogger logger, string source, long revision, int count);

        [LoggerMessage(2, LogLevel.Warning, "RulesBroken: {Source}, revision {Revision}; the last good one stays in force. {Problem}", EventName = "RulesBroken")]
        public static partial void Broken(ILogger logger, string source, long revision, string problem);
    }
}
