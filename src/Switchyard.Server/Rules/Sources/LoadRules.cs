using System.Text;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>A file of rules as it was judged and stored.</summary>
internal sealed record LoadedRules(RuleSource Source, RuleRevision Revision);

/// <summary>
/// Judges a file of rules whole: by itself, by what it may start things in, and together with the rules of all other files. A
/// good one is in force from then on, and its targets are looked at on GitHub; one with errors is kept beside the last good one,
/// with what is wrong.
/// </summary>
internal sealed partial class LoadRules(Database database, RuleSourceStore sources, RuleBook book, RuleFileReports reports, IRuleTargets targets, ILogger<LoadRules> logger)
{
    public async Task<LoadedRules> LoadAsync(RuleSourceKey key, string text, string? commit, string loadedBy, CancellationToken cancellation)
    {
        var result = await JudgeAsync(key, text, cancellation);
        var kick = () => { };
        var loaded = await database.WriteAsync(
            async session =>
            {
                (var source, var revision, kick) = await sources.SaveAsync(session, key, text, commit, loadedBy, result);

                // What a good one starts is looked at next, and told with the rest: GitHub takes no annotation back, and we add none later.
                kick += revision.IsGood ? () => { } : await reports.WantAsync(session, source, revision, commit);
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
            return await LookAsync(loaded, result.File, commit, cancellation, isNew: true);
        }

        Log.Broken(logger, key.Name, loaded.Revision.Number, result.Problems[0].ToString());
        return loaded;
    }

    /// <summary>Looks at the targets of a file that is in force; what is found is kept beside what is wrong with its text.</summary>
    public async Task<LoadedRules> LookAsync(LoadedRules loaded, RuleFile file, string? commit, CancellationToken cancellation, bool isNew = false)
    {
        var found = await targets.LookAsync(loaded.Source.Key, await ScopeAsync(loaded.Source.Key, cancellation), file, cancellation);
        if (!isNew && loaded.Revision.TargetProblems is not null && found.SequenceEqual(loaded.Revision.LookedProblems))
        {
            return loaded;
        }

        var kick = () => { };
        var revision = await database.WriteAsync(
            async session =>
            {
                var saved = await RuleSourceStore.SaveLookedAsync(session, loaded.Revision.Id, found);
                kick = saved is null ? () => { } : await reports.WantAsync(session, loaded.Source, saved, commit);
                return saved;
            },
            cancellation);
        kick();
        return revision is null ? loaded : loaded with { Revision = revision };
    }

    /// <summary>As <see cref="JudgeAsync"/>, with what GitHub says of the targets.</summary>
    public async Task<RuleFileResult> JudgeAndLookAsync(RuleSourceKey key, string text, CancellationToken cancellation)
    {
        var judged = await JudgeAsync(key, text, cancellation);
        var looked = judged.File is { } file ? await targets.LookAsync(key, await ScopeAsync(key, cancellation), file, cancellation) : [];
        return judged with { Problems = InOrder(judged.Problems.Concat(looked).Concat(await UnknownSourceAsync(key, cancellation))) };
    }

    /// <summary>Nobody would read the file where it is said to be.</summary>
    private async Task<IEnumerable<RuleProblem>> UnknownSourceAsync(RuleSourceKey key, CancellationToken cancellation)
    {
        var names = (await database.ReadAsync(session => LinkedSources.ListAsync(session, key.ProviderId), cancellation)).ConvertAll(source => key.Kind == RuleFileKind.Central ? source.Owner : source.FullName);
        var name = key.Kind == RuleFileKind.Central ? key.Name.Split('/')[0] : key.Name;
        return key.Kind == RuleFileKind.Local || names.Contains(name, StringComparer.OrdinalIgnoreCase) ? [] :
        [
            new RuleProblem
            {
                Line = 1,
                Column = 1,
                Path = "",
                Severity = RuleProblemSeverity.Warning,
                Code = "UnknownSource",
                Message = $"No installation of the App covers {(key.Kind == RuleFileKind.Central ? "a repository of" : "a repository called")} {name}, so that the file would not be read there.",
                Suggestion = Nearest.Of(name, names) is { } near ? $"Did you mean {near}?" : "Give the App access to it on GitHub, or correct the name.",
            },
        ];
    }

    /// <summary>All that is wrong with the text if it were the file's; nothing is stored.</summary>
    public async Task<RuleFileResult> JudgeAsync(RuleSourceKey key, string text, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(text) is var size && text.Contains('\0', StringComparison.Ordinal))
        {
            return Refused($"{key.Path} holds a NUL character among its {size:N0} bytes: it is no text file. Write it as UTF-8.");
        }

        var linked = (await database.ReadAsync(session => LinkedSources.ListAsync(session, key.ProviderId), cancellation)).DistinctBy(source => source.FullName, StringComparer.OrdinalIgnoreCase).ToList();
        var result = RuleFile.Parse(text, await ScopeAsync(key, cancellation));
        var missing = MissingTargets(result, linked.Select(source => source.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase));
        if (result.File is not { } file)
        {
            return result with { Problems = InOrder(result.Problems.Concat(missing)) };
        }

        var others = (await book.OpenAsync(cancellation)).All
            .Where(rule => rule.Enabled && rule.ProviderId == key.ProviderId && !(rule.SourceName == key.Name && rule.Scope.Kind == key.Kind))
            .Select(rule => new GraphRule(rule.Scope.Kind == RuleFileKind.Repository ? $"{rule.SourceName}/{ReadRuleFiles.OwnPath}" : rule.SourceName, rule.Rule));
        var name = key.Kind == RuleFileKind.Repository ? $"{key.Name}/{ReadRuleFiles.OwnPath}" : key.Name;
        var own = file.Rules.Where(rule => rule.Enabled).Select(rule => new GraphRule(name, rule));
        var branches = linked.Where(source => source.DefaultBranch is not null).ToDictionary(source => source.FullName, source => source.DefaultBranch!);
        var problems = InOrder(result.Problems.Concat(RuleGraph.Problems(name, [.. others, .. own], branches)).Concat(missing));
        return result with { File = problems.Any(problem => problem.Severity == RuleProblemSeverity.Error) ? null : file, Problems = problems };
    }

    public static RuleFileResult Refused(string message) =>
        new(null, [new RuleProblem { Line = 1, Column = 1, Path = "", Code = "Unreadable", Message = message }]);

    /// <summary>Targets that no installation of the App covers. One with a placeholder is only known when it comes to it; one that is refused anyway is told once.</summary>
    private static IEnumerable<RuleProblem> MissingTargets(RuleFileResult result, HashSet<string> known) =>
        from target in result.Targets
        where !known.Contains(target.Repository) && !result.Problems.Any(problem => problem.Line == target.At.Line && problem.Column == target.At.Column)
        let near = Nearest.Of(target.Repository, known)
        select new RuleProblem
        {
            Line = target.At.Line,
            Column = target.At.Column,
            Path = target.At.Path,
            Code = "MissingTarget",
            Message = $"{(target.Rule is null ? "A rule" : $"Rule \"{target.Rule}\"")} starts something in {target.Repository}, and no installation of the App covers a repository of that name.",
            Suggestion = near is null ? "Give the App access to it on GitHub, or correct the name." : $"Did you mean {near}? Otherwise give the App access to it on GitHub.",
        };

    private static List<RuleProblem> InOrder(IEnumerable<RuleProblem> problems) => [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    private async Task<RuleFileScope> ScopeAsync(RuleSourceKey key, CancellationToken cancellation) =>
        RuleScopes.Of(key.Kind, key.Name, await database.ReadAsync(session => RuleScopes.ListAllowedAsync(session, key.ProviderId), cancellation));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "RulesLoaded: {Source}, revision {Revision}, {Count} rules.", EventName = "RulesLoaded")]
        public static partial void Loaded(ILogger logger, string source, long revision, int count);

        [LoggerMessage(2, LogLevel.Warning, "RulesBroken: {Source}, revision {Revision}; the last good one stays in force. {Problem}", EventName = "RulesBroken")]
        public static partial void Broken(ILogger logger, string source, long revision, string problem);
    }
}
