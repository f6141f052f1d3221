using System.Globalization;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories;
using Switchyard.Server.Rules.Evaluations;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Rules.Trials;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Pages;

/// <summary><c>/rules</c>, the files they are from, and <c>/rules/{id}</c> with its trial.</summary>
internal static class RulePanel
{
    private const string InputPrefix = "input.";
    private const int History = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rules", ListAsync).Checks(RuleEndpoints.ListRules).AsPage();
        routes.MapGet("/rules/{id:long}", ShowAsync).AsPage();
        routes.MapPost("/rules/{id:long}/test", TestAsync).AsPage(Role.Operator);
        routes.MapPost("/rules/{id:long}/enable", (long id, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation) =>
            SwitchAsync(id, true, context, catalogue, cancellation)).AsPage(Role.Operator);
        routes.MapPost("/rules/{id:long}/disable", (long id, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation) =>
            SwitchAsync(id, false, context, catalogue, cancellation)).AsPage(Role.Operator);
        routes.MapPost("/rules/{id:long}/start", StartAsync).AsPage(Role.Operator);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, PageRequest page, RuleCatalogue catalogue, RuleSourceStore sources, string? provider, string? source, string? kind, string? name, string? q, string? repository, string? state, string? signal,
        CancellationToken cancellation)
    {
        var rules = (await RuleEndpoints.ListAsync(
            context, page, catalogue, PanelPage.Given(provider), PanelPage.Given(source), PanelPage.Given(kind), PanelPage.Given(name), PanelPage.Given(q), PanelPage.Given(repository), PanelPage.Given(state), PanelPage.Given(signal), cancellation)).Value!;

        // Broken ones first: the rest of the files are as they should be.
        var broken = await sources.ListAsync(null, RuleSourceState.Broken, new PageRequest { Limit = PageRequest.DefaultLimit }, cancellation);
        var (files, total) = await sources.ListAsync(null, null, new PageRequest { Limit = PageRequest.DefaultLimit }, cancellation);
        var shown = new List<RuleSourceResource>();
        foreach (var file in broken.Rows.Concat(files.Where(file => file.State != RuleSourceState.Broken)).Take(PageRequest.DefaultLimit))
        {
            shown.Add(await RuleSourceEndpoints.ShowAsync(file, sources, cancellation));
        }

        return PanelPage.Of<RulesPage>((nameof(RulesPage.Model), rules), (nameof(RulesPage.Files), shown), (nameof(RulesPage.FileCount), total));
    }

    private static async Task<IResult> ShowAsync(long id, string? tab, RuleCatalogue catalogue, EvaluationStore evaluations, RuleSourceStore sources, CancellationToken cancellation)
    {
        var (rule, problem) = PanelPage.Take<RuleResource>(await RuleEndpoints.FindAsync(id, catalogue, cancellation));
        return rule is null ? problem! : await PageAsync(rule, tab, null, null, evaluations, sources, cancellation);
    }

    private static async Task<IResult> PageAsync(
        RuleResource rule, string? tab, RuleTrialForm? form, TestedRules? tested, EvaluationStore evaluations, RuleSourceStore sources, CancellationToken cancellation)
    {
        var (rows, total) = tab == "history" ? await evaluations.ListAsync(new EvaluationFilter(null, rule.Id, null, null, null), new PageRequest { Limit = History }, cancellation) : ([], 0);
        if (tab == "test" && form is null)
        {
            var source = await sources.FindAsync(long.Parse(rule.SourceId, CultureInfo.InvariantCulture), cancellation);
            form = new RuleTrialForm((await sources.FindRevisionAsync(source?.RevisionId, cancellation))?.Text ?? "", RuleTrialForm.Usual);
        }

        return PanelPage.Of<RulePage>(
            (nameof(RulePage.Model), rule),
            (nameof(RulePage.Tab), tab),
            (nameof(RulePage.Evaluations), rows.Take(History).Select(EvaluationEndpoints.Show).ToList()),
            (nameof(RulePage.EvaluationCount), total),
            (nameof(RulePage.Form), form),
            (nameof(RulePage.Tested), tested));
    }

    private static async Task<IResult> TestAsync(
        long id, HttpContext context, RuleCatalogue catalogue, EvaluationStore evaluations, RuleSourceStore sources, ProviderStore providers, Database database, RuleTrial trial, TimeProvider time, CancellationToken cancellation)
    {
        var (rule, missing) = PanelPage.Take<RuleResource>(await RuleEndpoints.FindAsync(id, catalogue, cancellation));
        if (rule is null)
        {
            return missing!;
        }

        var fields = await context.Request.ReadFormAsync(cancellation);

        // Browsers end lines as they like; git does not.
        var form = new RuleTrialForm(fields["text"].ToString().ReplaceLineEndings("\n"), fields["since"].ToString());
        var (times, wrong) = QueryTime.Read(time, ("since", form.Since));
        if (wrong is not null)
        {
            return wrong;
        }

        var since = times[0] is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : (DateTimeOffset?)null;
        var (tested, problem) = PanelPage.Take<TestedRules>(
            await TrialEndpoints.TestAsync(new RuleTest(form.Text, rule.Provider, rule.Kind, rule.Source, since), providers, database, trial, time, cancellation));
        return tested is null ? problem! : await PageAsync(rule, "test", form, tested, evaluations, sources, cancellation);
    }

    private static async Task<IResult> SwitchAsync(long id, bool enabled, HttpContext context, RuleCatalogue catalogue, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        return PanelPage.Done(
            context,
            await RuleEndpoints.EnableAsync(id, enabled, context, catalogue, cancellation),
            form["back"] == "list" ? "/rules" : $"/rules/{id}",
            enabled ? "The rule is on." : "The rule is off; what waited of it is cancelled.");
    }

    private static async Task<IResult> StartAsync(
        long id, HttpContext context, RuleBook book, ProviderStore providers, FindRepository find, SignalStore signals, Database database, TimeProvider time, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var inputs = form.Where(field => field.Key.StartsWith(InputPrefix, StringComparison.Ordinal) && !string.IsNullOrEmpty(field.Value))
            .ToDictionary(field => field.Key[InputPrefix.Length..], field => field.Value.ToString(), StringComparer.Ordinal);
        var (started, problem) = PanelPage.Take<Started>(
            await RuleEndpoints.StartAsync(id, new Start(PanelPage.Given(form["repository"]), inputs, DryRun: false), context, book, providers, find, signals, database, time, cancellation));
        return started is null ? problem! : PanelPage.SeeOther(context, $"/signals/{started.SignalId}", "Started. This is its signal; what comes of it appears below.");
    }
}

/// <summary>What is held against the past: the text of a file, and how far back.</summary>
public sealed record RuleTrialForm(string Text, string Since)
{
    public const string Usual = "7d";

    public static readonly IReadOnlyList<string> Ages = ["24h", "7d", "30d"];
}
