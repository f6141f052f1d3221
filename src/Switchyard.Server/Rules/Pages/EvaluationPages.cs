using Switchyard.Server.Activity;
using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;
using Switchyard.Server.Rules.Evaluations;
using Switchyard.Server.Signals;

namespace Switchyard.Server.Rules.Pages;

/// <summary><c>/signals/{id}</c> with what rules made of it, <c>/evaluations</c> and <c>/evaluations/{id}</c>.</summary>
internal static class EvaluationPages
{
    private const int MostShown = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/signals/{id:long}", ShowSignalAsync).AsPage();
        routes.MapGet("/evaluations", async (
            HttpContext context, PageRequest page, EvaluationStore store, string? signal, string? rule, string? result, string? repository, string? sha, CancellationToken cancellation) =>
            PanelPage.Show<EvaluationsPage>(await EvaluationEndpoints.ListAsync(
                context, page, store, PanelPage.Given(signal), PanelPage.Given(rule), PanelPage.Given(result), PanelPage.Given(repository), PanelPage.Given(sha), cancellation)))
            .Checks(EvaluationEndpoints.ListRules).AsPage();
        routes.MapGet("/evaluations/{id:long}", async (long id, EvaluationStore store, TraceQueries traces, CancellationToken cancellation) =>
        {
            var (evaluation, problem) = PanelPage.Take<EvaluationResource>(await EvaluationEndpoints.FindAsync(id, store, cancellation));
            return evaluation is null
                ? problem!
                : PanelPage.Of<EvaluationPage>((nameof(EvaluationPage.Model), evaluation), (nameof(EvaluationPage.Trace), await traces.OfEvaluationAsync(id, cancellation)));
        }).AsPage();
    }

    private static async Task<IResult> ShowSignalAsync(long id, SignalStore signals, EvaluationStore evaluations, TraceQueries traces, CancellationToken cancellation)
    {
        var (signal, problem) = PanelPage.Take<SignalDetail>(await SignalEndpoints.FindAsync(id, signals, cancellation));
        if (signal is null)
        {
            return problem!;
        }

        var (rows, total) = await evaluations.ListAsync(new EvaluationFilter(id, null, null, null, null), new PageRequest { Limit = MostShown }, cancellation);
        return PanelPage.Of<SignalPage>(
            (nameof(SignalPage.Model), signal),
            (nameof(SignalPage.Evaluations), rows.Take(MostShown).Select(EvaluationEndpoints.Show).ToList()),
            (nameof(SignalPage.Total), total),
            (nameof(SignalPage.Trace), await traces.OfSignalAsync(id, cancellation)));
    }
}
