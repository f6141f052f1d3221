using Switchyard.Server.Access;
using Switchyard.Server.Activity;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel;
using Switchyard.Server.Rules.Pendings;

namespace Switchyard.Server.Rules.Pages;

/// <summary><c>/pending</c>: what has matched and waits, and what a person does about it.</summary>
internal static class PendingPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pending", async (
            HttpContext context, PageRequest page, PendingStore store, string? state, string? rule, string? repository, string? provider, CancellationToken cancellation) =>
            PanelPage.Show<PendingsPage>(await PendingEndpoints.ListAsync(context, page, store, PanelPage.Given(state), PanelPage.Given(rule), PanelPage.Given(repository), PanelPage.Given(provider), cancellation)))
            .Checks(PendingEndpoints.ListRules).AsPage();
        routes.MapGet("/pending/{id:long}", async (long id, PendingStore store, TraceQueries traces, CancellationToken cancellation) =>
        {
            var (pending, problem) = PanelPage.Take<PendingResource>(await PendingEndpoints.FindAsync(id, store, cancellation));
            return pending is null ? problem! : PanelPage.Of<PendingPage>((nameof(PendingPage.Model), pending), (nameof(PendingPage.Trace), await traces.OfPendingAsync(id, cancellation)));
        }).AsPage();
        routes.MapPost("/pending/{id:long}/now", async (long id, HttpContext context, PendingStore store, Lanes lanes, CancellationToken cancellation) =>
            PanelPage.Done(context, await PendingEndpoints.NowAsync(id, context, store, lanes, cancellation), $"/pending/{id}", "It is not waited for quiet any longer; checks are waited for all the same.")).AsPage(Role.Operator);
        routes.MapPost("/pending/{id:long}/cancel", async (long id, HttpContext context, CancelPending cancel, PendingStore store, CancellationToken cancellation) =>
            PanelPage.Done(context, await PendingEndpoints.CancelAsync(id, context, cancel, store, cancellation), $"/pending/{id}", "Cancelled: nothing is started.")).AsPage(Role.Operator);
    }
}
