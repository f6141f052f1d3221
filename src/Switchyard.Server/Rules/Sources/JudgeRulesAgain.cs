using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>
/// Judges the files with errors again: a target that was missing may have been linked or allowed meanwhile, and a workflow
/// merged. At the start all of them, since another version of Switchyard may read the language otherwise.
/// </summary>
internal sealed class JudgeRulesAgain(Database database, RuleSourceStore sources, LoadRules load) : RecurringJob
{
    private bool started;

    public override string Name => "judge-rules-again";

    public override TimeSpan Interval => TimeSpan.FromMinutes(5);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var source in await sources.ListAsync(cancellation))
        {
            if (source.State == RuleSourceState.Broken || (!started && source.State == RuleSourceState.Loaded))
            {
                await JudgeAsync(source, cancellation);
            }
        }

        foreach (var source in await sources.ListToLookAtAsync(cancellation))
        {
            if (await sources.FindRevisionAsync(source.ReadRevisionId, cancellation) is { } revision && (await load.JudgeAsync(source.Key, revision.Text, cancellation)).File is { } file)
            {
                await load.LookAsync(new LoadedRules(source, revision), file, source.ReadCommit, cancellation);
            }
        }

        started = true;
    }

    /// <summary>What may be started has changed: every file of the provider is judged again.</summary>
    public async Task RunAsync(long providerId, CancellationToken cancellation)
    {
        await database.WriteAsync(RuleBook.ChangedAsync, cancellation);
        foreach (var source in (await sources.ListAsync(cancellation)).Where(source => source.ProviderId == providerId && source.State != RuleSourceState.Absent))
        {
            await JudgeAsync(source, cancellation);
        }
    }

    private async Task JudgeAsync(RuleSource source, CancellationToken cancellation)
    {
        if (await sources.FindRevisionAsync(source.ReadRevisionId, cancellation) is not { } revision)
        {
            return;
        }

        var result = await load.JudgeAsync(source.Key, revision.Text, cancellation);
        if (result.File is not null != revision.IsGood || !result.Problems.SequenceEqual(revision.JudgedProblems))
        {
            await load.LoadAsync(source.Key, revision.Text, source.ReadCommit, revision.LoadedBy, cancellation);
        }
    }
}
