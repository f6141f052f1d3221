using Switchyard.Server.Access;
using Switchyard.Server.Activity;
using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Dispatches.Pages;

/// <summary><c>/dispatches</c>, and what people do with one and with its Run.</summary>
internal static class DispatchPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dispatches", async (
            HttpContext context, PageRequest page, DispatchQueries queries, string? rule, string? repository, string? target, string? state, string? run, string? provider, CancellationToken cancellation) =>
            PanelPage.Show<DispatchesPage>(await DispatchEndpoints.ListAsync(
                context, page, queries, PanelPage.Given(rule), PanelPage.Given(repository), PanelPage.Given(target), PanelPage.Given(state), PanelPage.Given(run), PanelPage.Given(provider), cancellation)))
            .Checks(DispatchEndpoints.ListRules).AsPage();
        routes.MapGet("/dispatches/{id:long}", async (long id, DispatchQueries queries, TraceQueries traces, CancellationToken cancellation) =>
        {
            var (dispatch, problem) = PanelPage.Take<DispatchDetail>(await DispatchEndpoints.FindAsync(id, queries, cancellation));
            return dispatch is null ? problem! : PanelPage.Of<DispatchPage>((nameof(DispatchPage.Model), dispatch), (nameof(DispatchPage.Trace), await traces.OfDispatchAsync(id, cancellation)));
        }).AsPage();

        var forms = routes.MapGroup("/dispatches/{id:long}");
        forms.MapPost("/cancel", async (long id, HttpContext context, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
            Done(id, context, await DispatchEndpoints.CancelAsync(id, context, actions, store, queries, cancellation), "Cancelled before it was sent.")).AsPage(Role.Operator);
        forms.MapPost("/retry", async (long id, HttpContext context, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
            Done(id, context, await DispatchEndpoints.RetryAsync(id, actions, store, queries, cancellation), "It is sent again, as it was.")).AsPage(Role.Operator);
        forms.MapPost("/run/cancel", async (long id, HttpContext context, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation) =>
            Done(id, context, await DispatchEndpoints.CancelRunAsync(id, actions, store, queries, cancellation), "GitHub was asked to stop the Run.")).AsPage(Role.Operator);
        forms.MapPost("/run/rerun", RerunAsync).AsPage(Role.Operator);
    }

    private static async Task<IResult> RerunAsync(long id, HttpContext context, DispatchActions actions, DispatchStore store, DispatchQueries queries, CancellationToken cancellation)
    {
        var failedOnly = (await context.Request.ReadFormAsync(cancellation))["failedOnly"].ToString();
        return Done(id, context, await DispatchEndpoints.RerunAsync(id, failedOnly, actions, store, queries, cancellation), failedOnly == "true" ? "GitHub runs the jobs that failed again." : "GitHub runs it again.");
    }

    private static IResult Done(long id, HttpContext context, IResult answer, string message) => PanelPage.Done(context, answer, $"/dispatches/{id}", message);
}
