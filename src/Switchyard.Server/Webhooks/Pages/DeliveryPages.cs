using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Activity;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Webhooks.Pages;

/// <summary><c>/deliveries</c> and what is below it.</summary>
internal static class DeliveryPages
{
    /// <summary>What is shown as a tree; more is downloaded.</summary>
    public const int MostShown = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/deliveries", async (
            HttpContext context, PageRequest page, DeliveryStore store, IRepositoryNames names, string? state, string? @event, string? provider, string? repository, string? guid, string? since, string? until,
            TimeProvider time, CancellationToken cancellation) => PanelPage.Show<DeliveriesPage>(await DeliveryEndpoints.ListAsync(
                context, page, store, names, PanelPage.Given(state), PanelPage.Given(@event), PanelPage.Given(provider), PanelPage.Given(repository), PanelPage.Given(guid), since, until, time, cancellation)))
            .Checks(DeliveryEndpoints.ListRules).AsPage();
        routes.MapGet("/deliveries/recover", async (RecoverMissedDeliveries recover, CancellationToken cancellation) =>
            PanelPage.Show<RecoverPage>(await DeliveryEndpoints.PlanAsync(recover, cancellation))).AsPage(Role.Operator);
        routes.MapPost("/deliveries/recover", RecoverAsync).AsPage(Role.Operator);
        routes.MapGet("/deliveries/{id:long}", ShowAsync).AsPage();
        routes.MapGet("/deliveries/{id:long}/payload", async (long id, DeliveryStore store, CancellationToken cancellation) =>
            (await DeliveryEndpoints.PayloadAsync(id, store, cancellation)).Result is FileContentHttpResult file
                ? TypedResults.File(file.FileContents.ToArray(), "application/json", $"delivery-{id}.json")
                : (await DeliveryEndpoints.PayloadAsync(id, store, cancellation)).Result).AsPage(Role.Operator);
        routes.MapPost("/deliveries/{id:long}/replay", async (long id, HttpContext context, DeliveryStore store, Lanes lanes, CancellationToken cancellation) =>
            PanelPage.Done(context, await DeliveryEndpoints.ReplayAsync(id, context, store, lanes, cancellation), $"/deliveries/{id}", "It is worked off again, from its stored body.")).AsPage(Role.Operator);
    }

    private static async Task<IResult> ShowAsync(long id, HttpContext context, DeliveryStore store, TraceQueries traces, CancellationToken cancellation)
    {
        var (delivery, problem) = PanelPage.Take<DeliveryDetail>(await DeliveryEndpoints.FindAsync(id, store, cancellation));
        if (delivery is null)
        {
            return problem!;
        }

        // The payload may hold what is private in a repository: the API gives it to operators, and so does the page.
        var mayRead = context.User.IsInRole(nameof(Role.Operator));
        var payload = mayRead && delivery.Delivery.Bytes <= MostShown ? await store.ReadPayloadAsync(id, cancellation) : null;
        return PanelPage.Of<DeliveryPage>(
            (nameof(DeliveryPage.Model), delivery), (nameof(DeliveryPage.Payload), payload), (nameof(DeliveryPage.MayRead), mayRead), (nameof(DeliveryPage.Trace), await traces.OfDeliveryAsync(id, cancellation)));
    }

    private static async Task<IResult> RecoverAsync(HttpContext context, RecoverMissedDeliveries recover, CancellationToken cancellation)
    {
        var found = (await DeliveryEndpoints.RecoverAsync(recover, cancellation)).Value!;
        return PanelPage.SeeOther(
            context,
            found.Failed > 0 ? "/deliveries/recover" : "/deliveries",
            $"{Words.Count(found.Recovered, "delivery", "deliveries")} recovered of {Words.Count(found.Walked, "entry", "entries")} in the log{(found.Failed > 0 ? $"; {Words.Count(found.Failed)} could not be had, the next walk tries again" : "")}.");
    }

    /// <summary>The payload as JSON, or null where it is none.</summary>
    public static JsonElement? Parse(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
