using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Deliveries;

namespace Switchyard.Simulator.Apps;

/// <summary>What a manifest or the control API asks for.</summary>
internal sealed record NewApp(string Name, string Url, string? HookUrl)
{
    public bool HookActive { get; init; } = true;

    public string? WebhookSecret { get; init; }

    public string? Description { get; init; }

    public string? SetupUrl { get; init; }

    public ImmutableArray<string> CallbackUrls { get; init; } = [];

    public bool Public { get; init; }

    public ImmutableSortedDictionary<string, string> Permissions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Events { get; init; } = [];
}

internal sealed class AppStore(World world)
{
    /// <summary>The number of GitHub Actions on github.com, which clients compare with.</summary>
    private const long ActionsApp = 15368;
    private readonly ConcurrentDictionary<long, App> byId = new();
    private readonly ConcurrentDictionary<string, App> outside = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ManifestCode> codes = new(StringComparer.Ordinal);

    public IReadOnlyList<App> All => [.. byId.Values.OrderBy(app => app.Id)];

    public App? Find(long id) => byId.GetValueOrDefault(id);

    /// <summary>An App that others run, such as <c>github-actions</c>: it makes check runs and is installed nowhere.</summary>
    public App Outside(string slug) => outside.GetOrAdd(slug, name => new App
    {
        Id = name == "github-actions" ? ActionsApp : world.NextId(),
        ClientId = "Iv1." + name,
        ClientSecret = "",
        Slug = name,
        Name = name == "github-actions" ? "GitHub Actions" : name,
        Owner = world.Accounts.Ensure("github"),
        Hook = new Hook { Id = 0, TargetId = 0, Url = "", Active = false, CreatedAt = world.Clock.Now },
        CreatedAt = world.Clock.Now,
        Description = "",
        ExternalUrl = world.Urls.Web("/features/actions"),
    });

    public App? FindBySlug(string slug) => byId.Values.FirstOrDefault(app => string.Equals(app.Slug, slug, StringComparison.OrdinalIgnoreCase));

    /// <summary>By client id, or by App id.</summary>
    public App? FindByIssuer(string issuer) =>
        byId.Values.FirstOrDefault(app => app.ClientId == issuer || app.Id.ToString() == issuer);

    public bool NameTaken(string name) => FindBySlug(SlugOf(name)) is not null;

    /// <summary>Registers an App; its first private key is returned once, as GitHub does.</summary>
    public (App App, string Pem) Add(NewApp wanted, Account owner)
    {
        var now = world.Clock.Now;
        var id = world.NextId();
        var permissions = wanted.Permissions;
        if (!permissions.IsEmpty && !permissions.ContainsKey("metadata"))
        {
            // Every repository permission brings metadata:read with it.
            permissions = permissions.Add("metadata", "read");
        }

        var app = new App
        {
            Id = id,
            ClientId = "Iv23li" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(7)),
            ClientSecret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)),
            Slug = SlugOf(wanted.Name),
            Name = wanted.Name,
            Owner = owner,
            ExternalUrl = wanted.Url,
            Description = wanted.Description,
            SetupUrl = wanted.SetupUrl,
            CallbackUrls = wanted.CallbackUrls,
            Public = wanted.Public,
            CreatedAt = now,
            Permissions = permissions,
            Events = wanted.Events,
            Hook = new Hook
            {
                Id = world.NextId(),
                TargetId = id,
                Url = wanted.HookUrl ?? "",
                Active = wanted.HookActive && wanted.HookUrl is not null,
                Secret = wanted.WebhookSecret,
                Events = wanted.Events,
                CreatedAt = now,
            },
        };
        app.Hook.App = app;
        var pem = app.AddKey();
        byId[id] = app;
        world.Deliveries.Events.PingApp(app);
        return (app, pem);
    }

    /// <summary>The code that the browser carries back; it works once and for an hour.</summary>
    public string IssueCode(App app, string pem)
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        codes[code] = new ManifestCode(app, pem, world.Clock.Now.AddHours(1));
        return code;
    }

    public (App App, string Pem)? Redeem(string code)
    {
        if (!codes.TryRemove(code, out var found)
            || found.ExpiresAt <= world.Clock.Now
            || world.Faults.IsOn("manifest.codeUsed")
            || world.Faults.IsOn("manifest.codeExpired"))
        {
            return null;
        }

        return (found.App, found.Pem);
    }

    public JsonObject Json(App app)
    {
        var permissions = app.Permissions;
        foreach (var (name, level) in world.Faults.Find("permissions.pendingApproval")?.Texts("permissions") ?? [])
        {
            permissions = permissions.SetItem(name, level);
        }

        return new JsonObject
        {
            ["id"] = app.Id,
            ["client_id"] = app.ClientId,
            ["slug"] = app.Slug,
            ["node_id"] = Accounts.NodeId("Integration", app.Id),
            ["owner"] = world.Accounts.Json(app.Owner),
            ["name"] = app.Name,
            ["description"] = app.Description,
            ["external_url"] = app.ExternalUrl,
            ["html_url"] = world.Urls.Web($"/apps/{app.Slug}"),
            ["created_at"] = Wire.Time(app.CreatedAt),
            ["updated_at"] = Wire.Time(app.CreatedAt),
            ["permissions"] = Wire.Map(permissions),
            ["events"] = Wire.List(app.Events),
        };
    }

    private static string SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-');
    }

    private sealed record ManifestCode(App App, string Pem, DateTimeOffset ExpiresAt);
}
