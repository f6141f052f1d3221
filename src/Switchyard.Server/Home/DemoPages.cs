using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Home;

/// <summary><c>/demo</c>: a look around without GitHub. It listens on loopback, so only who sits at this machine can open it.</summary>
internal static class DemoPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/demo", (HttpContext context, DemoServer demo) => Show(context, demo, null)).AsPage(Role.Admin);
        routes.MapPost("/demo", OpenAsync).AsPage(Role.Admin).Audited("demo.start");
        routes.MapPost("/demo/end", async (HttpContext context, DemoServer demo) =>
        {
            await demo.StopAsync();
            return PanelPage.SeeOther(context, "/demo", "The demo has ended, and its data is deleted.");
        }).AsPage(Role.Admin).Audited("demo.end");
    }

    private static async Task<IResult> OpenAsync(HttpContext context, DemoServer demo, CancellationToken cancellation)
    {
        if (!MayStart(context, demo))
        {
            return Problem.Conflict("The demo can be started here by a browser on the server's own machine only, as it listens on loopback.", new NextStep("Start it on your own machine", Command: "switchyard demo"));
        }

        try
        {
            return Show(context, demo, await demo.OpenAsync(cancellation));
        }
        catch (DemoException failed)
        {
            return Problem.Upstream(failed.Message, new NextStep("Start it in a terminal", Command: "switchyard demo"));
        }
    }

    private static RazorComponentResult Show(HttpContext context, DemoServer demo, Uri? link) =>
        PanelPage.Of<DemoPage>((nameof(DemoPage.MayStart), MayStart(context, demo)), (nameof(DemoPage.IsRunning), demo.IsRunning), (nameof(DemoPage.Link), link));

    private static bool MayStart(HttpContext context, DemoServer demo) => demo.IsHere && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
