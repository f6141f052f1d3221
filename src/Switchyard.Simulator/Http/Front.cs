using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Control;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Pages;

namespace Switchyard.Simulator.Http;

/// <summary>Sends each request to the part it is for: REST, control, git, pages.</summary>
internal sealed class Front(World world)
{
    private readonly RestPipeline rest = new(world);
    private readonly ControlApi control = new(world);
    private readonly GitHttp git = new(world);
    private readonly WebPages pages = new(world);

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var path = RawTarget.Path(http);
            http.Response.Headers.Date = world.Clock.Now.ToString("R");
            if (path.StartsWith(RawTarget.ApiPrefix + "/", StringComparison.Ordinal))
            {
                await rest.HandleAsync(http);
            }
            else if (path.StartsWith("/_simulator", StringComparison.Ordinal))
            {
                await control.HandleAsync(http);
            }
            else if (!await git.TryHandleAsync(http))
            {
                await pages.HandleAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody waits for an answer.
        }
    }
}
