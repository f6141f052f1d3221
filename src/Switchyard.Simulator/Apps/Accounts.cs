using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Apps;

internal sealed record Account(long Id, string Login, bool IsOrganization)
{
    public string Type => Login.EndsWith("[bot]", StringComparison.Ordinal) ? "Bot" : IsOrganization ? "Organization" : "User";
}

/// <summary>Persons and organisations; they come into being when first named.</summary>
internal sealed class Accounts(World world)
{
    private readonly ConcurrentDictionary<string, Account> byLogin = new(StringComparer.OrdinalIgnoreCase);

    public Account Ensure(string login, bool organization = true) =>
        byLogin.GetOrAdd(login, name => new Account(world.NextId(), name, organization));

    public IReadOnlyList<Account> All => [.. byLogin.Values.OrderBy(account => account.Id)];

    public Account? Find(string login) => byLogin.GetValueOrDefault(login);

    /// <summary>The account in whose name a caller acts: an App's is its bot.</summary>
    public Account Of(Caller caller) => caller switch
    {
        { Token.Installation: { } installation } => Bot(installation.App),
        { Token: { } token } => token.Owner with { IsOrganization = false },
        _ => world.Developer,
    };

    public Account Bot(App app) => Ensure(app.Slug + "[bot]", organization: false);

    public static string NodeId(string kind, long id) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{kind.Length:000}:{kind}{id}"));

    /// <summary>GitHub's "simple user".</summary>
    public JsonObject Json(Account account)
    {
        var api = world.Urls.Api($"/users/{account.Login}");
        return new JsonObject
        {
            ["login"] = account.Login,
            ["id"] = account.Id,
            ["node_id"] = NodeId(account.Type, account.Id),
            ["avatar_url"] = world.Urls.Web($"/avatars/u/{account.Id}"),
            ["gravatar_id"] = "",
            ["url"] = api,
            ["html_url"] = world.Urls.Web($"/{account.Login}"),
            ["followers_url"] = api + "/followers",
            ["following_url"] = api + "/following{/other_user}",
            ["gists_url"] = api + "/gists{/gist_id}",
            ["starred_url"] = api + "/starred{/owner}{/repo}",
            ["subscriptions_url"] = api + "/subscriptions",
            ["organizations_url"] = api + "/orgs",
            ["repos_url"] = api + "/repos",
            ["events_url"] = api + "/events{/privacy}",
            ["received_events_url"] = api + "/received_events",
            ["type"] = account.Type,
            ["site_admin"] = false,
        };
    }

    /// <summary>The organisation object of webhook payloads.</summary>
    public JsonObject OrganizationJson(Account account)
    {
        var api = world.Urls.Api($"/orgs/{account.Login}");
        return new JsonObject
        {
            ["login"] = account.Login,
            ["id"] = account.Id,
            ["node_id"] = NodeId(account.Type, account.Id),
            ["url"] = api,
            ["repos_url"] = api + "/repos",
            ["events_url"] = api + "/events",
            ["hooks_url"] = api + "/hooks",
            ["issues_url"] = api + "/issues",
            ["members_url"] = api + "/members{/member}",
            ["public_members_url"] = api + "/public_members{/member}",
            ["avatar_url"] = world.Urls.Web($"/avatars/u/{account.Id}"),
            ["description"] = "",
        };
    }
}
