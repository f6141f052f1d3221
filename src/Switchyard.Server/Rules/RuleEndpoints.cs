using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>The REST resource <c>/api/v1/rules</c>: the rules in force.</summary>
internal static class RuleEndpoints
{
    public const string Enabled = "Enabled";

    public const string Disabled = "Disabled";

    public static readonly string[] States = [Enabled, Disabled];

    /// <summary>What the list may be asked; its page asks the same.</summary>
    public static readonly QueryRule[] ListRules = [new ListOrder("id"), new QueryWords("kind", Enum.GetNames<RuleFileKind>()), new QueryWords("state", States), new QueryWords("signal", SignalKind.All), new QueryProvider()];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/rules").RequireAuthorization(nameof(Role.Viewer)).WithTags("Rules");
        group.MapGet("/", ListAsync).WithName("listRules").WithSummary("The rules in force").Checks(ListRules);
        group.MapGet("/{id:long}", FindAsync).WithName("getRule").WithSummary("A rule, in the words of its file");
        group.MapPost("/{id:long}/enable", (long id, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation) => EnableAsync(id, true, context, catalogue, cancellation))
            .WithName("enableRule").WithSummary("Switch a rule on").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status409Conflict, "Conflict", "Rule \"nightly\" has `enabled: false` in acme/.github, line 12. Take that out there and push.");
        group.MapPost("/{id:long}/disable", (long id, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation) => EnableAsync(id, false, context, catalogue, cancellation))
            .WithName("disableRule").WithSummary("Switch a rule off; what waits of it is cancelled").RequireAuthorization(nameof(Role.Operator));
        group.MapPost("/{id:long}/start", StartAsync).WithName("startRule").WithSummary("Start a rule that has a manual trigger").RequireAuthorization(nameof(Role.Operator))
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Invalid", "Rule \"nightly\" has no manual trigger. Add `manual:` under its `on:`.")
            .Refuses(StatusCodes.Status409Conflict, "Conflict", "Rule \"nightly\" is switched off, so nothing would come of it.");
        routes.MapGet("/schemas/rules.json", () => TypedResults.Text(RuleSchema.Json, "application/schema+json")).AllowAnonymous()
            .WithTags("Rules").WithName("getRuleSchema").WithSummary("The JSON Schema of rule files, for editors");
    }

    public static ProblemHttpResult NotFound(long id) => Problem.NotFound($"There is no rule {id} in force.", new NextStep("List rules", Href: "/api/v1/rules", Command: "switchyard rule list"));

    public static async Task<Ok<Page<RuleResource>>> ListAsync(
        HttpContext context, PageRequest page, RuleCatalogue catalogue, string? provider, string? source, string? kind, string? name, string? q, string? repository, string? state, string? signal, CancellationToken cancellation)
    {
        var listening = repository is null ? null : await catalogue.ListeningAsync(repository, cancellation);
        var rules = (await catalogue.ListAsync(cancellation))
            .Where(rule => (provider is null || rule.Provider == provider)
                && (source is null || rule.Source.Equals(source, StringComparison.OrdinalIgnoreCase) || rule.SourceId == source)
                && (kind is null || rule.Kind == kind)
                && (name is null || rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                && (q is null || rule.Name.Contains(q, StringComparison.OrdinalIgnoreCase) || rule.Starts.Any(start => start.Contains(q, StringComparison.OrdinalIgnoreCase)))
                && (listening is null || listening.Contains(rule.Id) || rule.Starts.Any(start => start.Contains(repository!, StringComparison.OrdinalIgnoreCase)))
                && (state is null || rule.Enabled == (state == Enabled))
                && (signal is null || rule.On.Contains(signal, StringComparer.Ordinal)))
            .ToList();
        var rows = rules.Where(rule => long.Parse(rule.Id, CultureInfo.InvariantCulture) > (page.AfterId ?? 0)).Take(page.Limit + 1).ToList();
        return TypedResults.Ok(page.ToPage(context, rows, rules.Count, rule => rule.Id, rule => rule));
    }

    public static async Task<Results<Ok<RuleResource>, ProblemHttpResult>> FindAsync(long id, RuleCatalogue catalogue, CancellationToken cancellation) =>
        await catalogue.FindAsync(id, cancellation) is { } rule ? TypedResults.Ok(rule) : NotFound(id);

    public static async Task<Results<Ok<RuleResource>, ProblemHttpResult>> EnableAsync(long id, bool enabled, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation)
    {
        if (!await catalogue.EnableAsync(id, enabled, context.User.Identity?.Name ?? "unknown", cancellation) || await catalogue.FindAsync(id, cancellation) is not { } rule)
        {
            return NotFound(id);
        }

        return enabled && !rule.Enabled
            ? Problem.Conflict($"Rule \"{rule.Name}\" has `enabled: false` in {rule.Source}, line {rule.Line}. Take that out there and push.")
            : TypedResults.Ok(rule);
    }

    public static async Task<Results<Accepted<Started>, NoContent, ProblemHttpResult>> StartAsync(
        long id, Start start, HttpContext context, RuleBook book, ProviderStore providers, FindRepository find, SignalStore signals, Database database, TimeProvider time, CancellationToken cancellation)
    {
        if ((await book.OpenAsync(cancellation)).Find(id) is not { } rule)
        {
            return NotFound(id);
        }

        var triggers = rule.Rule.On.OfType<ManualTrigger>().ToList();
        if (triggers.FirstOrDefault() is not { } trigger)
        {
            return Problem.Invalid($"Rule \"{rule.Rule.Name}\" has no manual trigger. Add `manual:` under its `on:`.");
        }

        if (!rule.Enabled)
        {
            return Problem.Conflict($"Rule \"{rule.Rule.Name}\" is switched off, so nothing would come of it.", new NextStep("Switch it on", $"/api/v1/rules/{id}/enable", $"switchyard rule enable {id}"));
        }

        if (start.Inputs?.FirstOrDefault(input => input.Value is null).Key is { } empty)
        {
            return Problem.Invalid($"The input {empty} has no text; leave it out, or give it an empty one.", "/inputs/" + empty);
        }

        if (start.Inputs?.Keys.FirstOrDefault(name => !trigger.Inputs.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return Problem.Invalid(
                $"Rule \"{rule.Rule.Name}\" takes no input {unknown}; {(trigger.Inputs.Count == 0 ? "it takes none" : "there are " + QueryWords.Sentence(trigger.Inputs))}.", "/inputs");
        }

        Repository? repository = null;
        if (start.Repository is { Length: > 0 } name)
        {
            (repository, var problem) = await find.RunAsync(name, (await providers.FindAsync(rule.ProviderId, cancellation))?.Slug, cancellation);
            if (problem is not null)
            {
                return problem;
            }

            if (repository!.ProviderId != rule.ProviderId || !triggers.Exists(one => !one.Repositories.IsEmpty && one.Repositories.Matches(repository.FullName)))
            {
                return Problem.Invalid(
                    trigger.Repositories.IsEmpty
                        ? $"Rule \"{rule.Rule.Name}\" is started for no repository; leave the repository out."
                        : $"Rule \"{rule.Rule.Name}\" is not started for {repository.FullName}; it takes {string.Join(", ", triggers.Select(one => one.Repositories.ToString()).Distinct(StringComparer.Ordinal))}.",
                    "/repository");
            }
        }
        else if (!trigger.Repositories.IsEmpty)
        {
            return Problem.Invalid($"Rule \"{rule.Rule.Name}\" is started for a repository; give one of {trigger.Repositories}.", "/repository");
        }

        if (start.DryRun == true)
        {
            return TypedResults.NoContent();
        }

        var signal = SignalFactory.Manual(
            rule.ProviderId, rule.Key, Guid.NewGuid().ToString("N"), context.User.Identity?.Name, start.Inputs ?? new Dictionary<string, string>(), time.GetUtcNow(), repository is null ? null : LinkedSources.Of(repository));
        var recorded = await database.WriteAsync(session => signals.RecordAsync(session, signal), cancellation);
        signals.Announce(signal);
        return TypedResults.Accepted($"/api/v1/signals/{recorded}", new Started(recorded!.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
