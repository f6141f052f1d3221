using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Switchyard.Server.Access;

namespace Switchyard.Server.Panel.Live;

/// <summary><c>GET /events?topics=repositories,syncs</c>: server-sent events, each the name of a topic that has changed.</summary>
internal static class LiveEndpoint
{
    /// <summary>Then a browser asks again by itself, and a session that has ended is noticed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (string? topics, LiveChanges changes, TimeProvider time, IHostApplicationLifetime life, HttpContext context) =>
        {
            var wanted = (topics ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Where(changes.Names.Contains).ToHashSet(StringComparer.Ordinal);
            context.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(TellAsync(changes, wanted, time, life, context.RequestAborted));
        }).RequireAuthorization(nameof(Role.Viewer)).ExcludeFromDescription();

    private static async IAsyncEnumerable<SseItem<string>> TellAsync(
        LiveChanges changes, HashSet<string> wanted, TimeProvider time, IHostApplicationLifetime life, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var longest = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, longest.Token, life.ApplicationStopping);
        yield return new SseItem<string>("", "hello") { ReconnectionInterval = TimeSpan.FromSeconds(2) };
        await using var names = changes.WatchAsync(wanted, either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await names.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            yield return new SseItem<string>(names.Current, "changed");
        }
    }
}
