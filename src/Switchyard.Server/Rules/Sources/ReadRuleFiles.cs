using System.Text;
using Switchyard.Rules;
using Switchyard.Server.Repositories;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>Reads the files of rules at the head of each repository, on each Sync: the account's central one, and the repository's own.</summary>
internal sealed class ReadRuleFiles(Database database, RuleSourceStore sources, LoadRules load) : IHeadObserver
{
    /// <summary>The repository whose file may name any repository of the account.</summary>
    public const string CentralRepository = ".github";

    public const string CentralPath = "switchyard.yml";

    public const string OwnPath = ".github/switchyard.yml";

    public IReadOnlyList<string> PathsIn(Repository repository) => IsCentral(repository) ? [OwnPath, CentralPath] : [OwnPath];

    public async Task HeadFetchedAsync(Repository repository, string head, IReadOnlyList<HeadFile> files, CancellationToken cancellation)
    {
        await ReadAsync(repository, RuleFileKind.Repository, OwnPath, head, files, cancellation);
        if (IsCentral(repository))
        {
            await ReadAsync(repository, RuleFileKind.Central, CentralPath, head, files, cancellation);
        }
    }

    public static RuleSourceKey KeyOf(Repository repository, RuleFileKind kind) =>
        new(repository.ProviderId, kind, repository.FullName, repository.Id, kind == RuleFileKind.Central ? CentralPath : OwnPath);

    public static bool IsCentral(Repository repository) => repository.Name.Equals(CentralRepository, StringComparison.OrdinalIgnoreCase);

    private async Task ReadAsync(Repository repository, RuleFileKind kind, string path, string head, IReadOnlyList<HeadFile> files, CancellationToken cancellation)
    {
        var source = await sources.FindOfRepositoryAsync(repository.Id, kind, cancellation);
        if (files.FirstOrDefault(file => file.Path == path) is not { } file)
        {
            if (source is { State: not RuleSourceState.Absent })
            {
                (await database.WriteAsync(session => sources.RemoveAsync(session, source.Id, head), cancellation))();
            }

            return;
        }

        var text = TextOf(file);
        if (source is not null && source.State != RuleSourceState.Absent && source.Name == repository.FullName
            && await sources.FindRevisionAsync(source.ReadRevisionId, cancellation) is { } last && last.Text == text)
        {
            return;
        }

        await load.LoadAsync(KeyOf(repository, kind), text, head, "push", cancellation);
    }

    /// <summary>What cannot be rules is handed on as it is: that says what is wrong with it.</summary>
    private static string TextOf(HeadFile file) => file.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span).TrimStart('\uFEFF') : "";
}
