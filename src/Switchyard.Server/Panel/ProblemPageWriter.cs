using Microsoft.AspNetCore.Mvc;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Panel;

/// <summary>The same problem that the API would tell, as a page, for who asked with a browser.</summary>
internal sealed class ProblemPageWriter : IProblemDetailsWriter
{
    private static readonly string[] ForMachines = ["/api", "/webhooks", "/openapi", "/metrics", "/livez", "/readyz", "/events"];

    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
        && !ForMachines.Any(path => context.HttpContext.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        context.HttpContext.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        await PanelPage.Of<ProblemPage>((nameof(ProblemPage.Problem), problem), (nameof(ProblemPage.Next), NextOf(problem))).ExecuteAsync(context.HttpContext);
    }

    private static NextStep[] NextOf(ProblemDetails problem) => problem.Extensions.TryGetValue("next", out var next) && next is NextStep[] steps ? steps : [];
}
