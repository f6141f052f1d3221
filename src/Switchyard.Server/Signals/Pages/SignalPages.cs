using Switchyard.Server.Hosting;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Signals.Pages;

/// <summary><c>/signals</c>. The page of one is of Rules, which knows what became of it.</summary>
internal static class SignalPages
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/signals", async (
            HttpContext context, PageRequest page, SignalStore store, IRepositoryNames names, string? kind, string? source, string? provider, string? repository, string? sha, CancellationToken cancellation) =>
            PanelPage.Show<SignalsPage>(await SignalEndpoints.ListAsync(
                context, page, store, names, PanelPage.Given(kind), PanelPage.Given(source), PanelPage.Given(provider), PanelPage.Given(repository), PanelPage.Given(sha), cancellation)))
            .Checks(SignalEndpoints.ListRules).AsPage();
}
