using Switchyard.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Sources;

/// <summary>What a file of rules may start things in: by where it is, and by what an administrator has allowed.</summary>
internal static class RuleScopes
{
    public static Task<List<string>> ListAllowedAsync(DbSession session, long providerId) =>
        session.QueryAsync<string>("select pattern from targets where provider_id = @providerId order by pattern", new { providerId });

    public static RuleFileScope Of(RuleFileKind kind, string name, IReadOnlyList<string> allowed)
    {
        var (owner, repository) = name.Split('/') is [var first, var second] ? (first, second) : ("", name);
        return kind switch
        {
            RuleFileKind.Central => RuleFileScope.Central(owner, allowed),
            RuleFileKind.Repository => RuleFileScope.ForRepository(owner, repository),
            _ => RuleFileScope.Local(allowed),
        };
    }
}
