using Switchyard.Rules;
using Switchyard.Server.Repositories;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>Linked repositories as sources of Signals that no Delivery tells.</summary>
internal static class LinkedSources
{
    public static async Task<List<SourceFacts>> ListAsync(DbSession session, long providerId) =>
        (await session.QueryAsync<Row>(
            "select github_id, owner, name, default_branch, html_url, private from repositories where provider_id = @providerId and linked = 1 and unlinked = 0 order by id", new { providerId }))
        .ConvertAll(row => new SourceFacts { Id = row.GithubId, Owner = row.Owner, Name = row.Name, DefaultBranch = row.DefaultBranch, HtmlUrl = row.HtmlUrl, Private = row.Private == 1 });

    /// <summary>The one provider that has this repository, or if none has it the only one that has any of its account; null where there are several.</summary>
    public static async Task<long?> OnlyProviderAsync(DbSession session, string fullName)
    {
        var rows = await session.QueryAsync<(long Provider, string Name)>(
            "select provider_id, name from repositories where linked = 1 and unlinked = 0 and lower(owner) = lower(@owner)", new { owner = fullName.Split('/')[0] });
        var named = rows.Where(row => row.Name.Equals(fullName.Split('/')[^1], StringComparison.OrdinalIgnoreCase)).ToList();
        return (named.Count > 0 ? named : rows).Select(row => row.Provider).Distinct().ToList() is [var only] ? only : null;
    }

    public static SourceFacts Of(Repository repository) => new()
    {
        Id = repository.GithubId,
        Owner = repository.Owner,
        Name = repository.Name,
        DefaultBranch = repository.DefaultBranch,
        HtmlUrl = repository.HtmlUrl,
        Private = repository.Private == 1,
    };

    private sealed record Row
    {
        public long GithubId { get; init; }

        public string Owner { get; init; } = "";

        public string Name { get; init; } = "";

        public string? DefaultBranch { get; init; }

        public string? HtmlUrl { get; init; }

        public long Private { get; init; }
    }
}
