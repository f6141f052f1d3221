using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Panel;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories.Pages;

/// <summary>
/// <c>/repositories</c> and what is below it, <c>/syncs</c>, and the forms of their menus. Each page shows what the API answers, and each
/// form does what the API does.
/// </summary>
internal static class RepositoryPages
{
    private const string One = "/repositories/{provider}/{owner}/{name}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/repositories", async (HttpContext context, PageRequest page, RepositoryCatalogue catalogue, string? status, string? health, string? provider, string? q, CancellationToken cancellation) =>
            PanelPage.Show<RepositoriesPage>(await RepositoryEndpoints.ListAsync(context, page, catalogue, status, health, provider, q, cancellation))).Checks(RepositoryEndpoints.ListRules).AsPage();
        routes.MapGet(One, ShowAsync).AsPage();
        routes.MapGet("/repositories/bulk", async (HttpContext context, RepositoryBulk bulk, string? action, string[]? id, string? status, string? health, string? provider, string? q, CancellationToken cancellation) =>
            ShowPlan(await bulk.RunAsync(new(action, id is { Length: > 0 } ? id : null, PanelPage.Given(status), PanelPage.Given(health), PanelPage.Given(provider), PanelPage.Given(q), null, true), context, cancellation))).AsPage(Role.Operator);
        routes.MapPost("/repositories/bulk", BulkAsync).AsPage(Role.Operator);
        routes.MapGet("/syncs", async (HttpContext context, PageRequest page, SyncStore store, FindRepository find, string? repository, string? provider, string? state, CancellationToken cancellation) =>
            PanelPage.Show<SyncsPage>(await SyncEndpoints.ListAsync(context, page, store, find, repository, provider, state, cancellation))).Checks(SyncEndpoints.ListRules).AsPage();
        routes.MapGet("/syncs/{id:long}", async (long id, SyncStore store, CancellationToken cancellation) =>
            PanelPage.Show<SyncPage>(await SyncEndpoints.FindAsync(id, store, cancellation))).AsPage();

        var forms = routes.MapGroup("/repositories/{id:long}");
        forms.MapPost("/sync", SyncAsync).AsPage(Role.Operator);
        forms.MapPost("/cancel", async (long id, HttpContext context, RepositoryStore repositories, SyncStore syncs, SyncLane lane, CancellationToken cancellation) =>
            await DoneAsync(id, context, repositories, await RepositoryActions.CancelAsync(id, repositories, syncs, lane, cancellation), "Cancelled.", cancellation)).AsPage(Role.Operator);
        forms.MapPost("/unlink", UnlinkAsync).AsPage(Role.Admin);
        forms.MapPost("/suspend", async (long id, HttpContext context, RepositoryStore repositories, CancellationToken cancellation) =>
            await DoneAsync(id, context, repositories, await RepositoryActions.SuspendAsync(id, repositories, cancellation), "Suspended: nothing is synchronized until it is resumed.", cancellation)).AsPage(Role.Operator);
        forms.MapPost("/resume", async (long id, HttpContext context, RepositoryStore repositories, Lanes lanes, CancellationToken cancellation) =>
            await DoneAsync(id, context, repositories, await RepositoryActions.ResumeAsync(id, repositories, lanes, cancellation), "Resumed; it is being synchronized.", cancellation)).AsPage(Role.Operator);
    }

    /// <summary>What is taken away with its history is named by who takes it away.</summary>
    private static async Task<IResult> UnlinkAsync(long id, HttpContext context, RepositoryStore repositories, UnlinkRepository unlink, SyncLane lane, Lanes lanes, CancellationToken cancellation)
    {
        if (await repositories.FindAsync(id, cancellation) is not { } repository)
        {
            return RepositoryEndpoints.NotFound(id);
        }

        var typed = (await context.Request.ReadFormAsync(cancellation))["name"].ToString().Trim();
        return typed.Equals(repository.FullName, StringComparison.OrdinalIgnoreCase)
            ? PanelPage.Done(context, await RepositoryActions.UnlinkAsync(id, unlink, lane, lanes, cancellation), "/repositories", $"{repository.FullName} is being unlinked; no file in GitHub is changed.")
            : Problem.Invalid($"To unlink {repository.FullName}, type its name; \"{typed}\" is another one. Nothing was changed.", "/name", new NextStep("Back to the repository", PathOf(repository.Provider, repository.FullName)));
    }

    /// <summary>The page of a repository.</summary>
    public static string PathOf(string provider, string fullName) => $"/repositories/{provider}/{fullName}";

    private static async Task<IResult> ShowAsync(
        string provider, string owner, string name, string? tab, HttpContext context, FindRepository find, RepositoryCatalogue catalogue, RepositoryStore store, SyncStore syncs, CancellationToken cancellation)
    {
        var (repository, problem) = PanelPage.Take<RepositoryDetail>(await RepositoryEndpoints.FindAsync($"{owner}/{name}", provider, find, catalogue, cancellation));
        if (repository is null)
        {
            return problem!;
        }

        if (PathOf(repository.Provider, repository.FullName) is var path && path != context.Request.Path)
        {
            // An old name leads to the new one.
            return TypedResults.LocalRedirect("~" + path, permanent: true);
        }

        var id = long.Parse(repository.Id, System.Globalization.CultureInfo.InvariantCulture);
        var problems = PanelPage.Take<Page<ProblemResource>>(await RepositoryEndpoints.ProblemsAsync(id, context, new PageRequest { Limit = PageRequest.MaxLimit - 1 }, store, catalogue, cancellation)).Value!;
        var recent = await syncs.ListAsync(id, null, null, new PageRequest { Limit = 20 }, cancellation);
        return PanelPage.Of<RepositoryPage>(
            (nameof(RepositoryPage.Model), repository), (nameof(RepositoryPage.Tab), tab), (nameof(RepositoryPage.Syncs), recent.Rows.Take(20).Select(row => SyncResource.Of(row)).ToList()), (nameof(RepositoryPage.SyncCount), recent.Total), (nameof(RepositoryPage.Problems), problems));
    }

    private static async Task<IResult> SyncAsync(long id, HttpContext context, RepositoryStore repositories, SyncStore syncs, Lanes lanes, TimeProvider time, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var answer = await RepositoryActions.SyncAsync(id, new RepositoryActions.SyncRequest(form["mode"], form["from"]), context, repositories, syncs, lanes, time, cancellation);
        var joined = answer.Result is Accepted<SyncResource> { Value.Joined: true };
        return await DoneAsync(id, context, repositories, answer, joined ? "A Sync waits already; this request joined it." : "Synchronizing.", cancellation);
    }

    /// <summary>The plan was seen; how many it had comes with the form, so that nothing is done that was not in it.</summary>
    private static async Task<IResult> BulkAsync(HttpContext context, RepositoryBulk bulk, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var expected = int.TryParse(form["expected"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
        var answer = await bulk.RunAsync(
            new(form["action"], form["id"] is { Count: > 0 } ids ? [.. ids.OfType<string>()] : null, PanelPage.Given(form["status"]), PanelPage.Given(form["health"]), PanelPage.Given(form["provider"]), PanelPage.Given(form["q"]), expected, false),
            context,
            cancellation);
        return PanelPage.Take<BulkResource>(answer) is { Value: { Failed.Count: 0 } done }
            ? PanelPage.SeeOther(context, "/repositories", $"{BulkPage.Sentence(done.Action)} {Words.Count(done.Done, "repository", "repositories")}.")
            : ShowPlan(answer);
    }

    private static IResult ShowPlan(IResult answer) => PanelPage.Show<BulkPage>(answer);

    /// <summary>Back to where the form was: the list or the repository's own page.</summary>
    private static async Task<IResult> DoneAsync(long id, HttpContext context, RepositoryStore repositories, IResult answer, string message, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var path = form["back"] == "list" || await repositories.FindAsync(id, cancellation) is not { } repository ? "/repositories" : PathOf(repository.Provider, repository.FullName);
        return PanelPage.Done(context, answer, path, message);
    }
}
