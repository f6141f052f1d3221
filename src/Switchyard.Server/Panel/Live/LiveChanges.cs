using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Panel.Live;

/// <summary>
/// Tells open pages which topics have changed. What is compared is the database, once a second and only while somebody looks, so that
/// a change by another node is seen as well and nobody who changes a row has to say so.
/// </summary>
internal sealed partial class LiveChanges(IEnumerable<LiveTopic> topics, Database database, TimeProvider time, ILogger<LiveChanges> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LiveTopic[] topics = [.. topics];
    private readonly Lock gate = new();
    private readonly HashSet<Channel<string>> listeners = [];
    private Task watching = Task.CompletedTask;

    /// <summary>The names there are.</summary>
    public IEnumerable<string> Names => topics.Select(topic => topic.Name);

    /// <summary>The names of topics as they change, until cancelled.</summary>
    public async IAsyncEnumerable<string> WatchAsync(IReadOnlySet<string> wanted, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What waits is a name, and each name is said once; a slow reader costs nothing.
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(32) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            listeners.Add(channel);
            if (watching.IsCompleted)
            {
                // It is for all who listen, and not with the eyes of the one who came first.
                using (ExecutionContext.SuppressFlow())
                {
                    watching = Task.Run(CompareAsync, CancellationToken.None);
                }
            }
        }

        try
        {
            await foreach (var name in channel.Reader.ReadAllAsync(cancellation))
            {
                if (wanted.Contains(name))
                {
                    yield return name;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                listeners.Remove(channel);
            }
        }
    }

    private async Task CompareAsync()
    {
        var sql = "select " + string.Join(", ", topics.Select((topic, index) => $"cast(({topic.Mark}) as text) as m{index}"));
        IDictionary<string, object?>? known = null;
        using var timer = new PeriodicTimer(Interval, time);
        while (true)
        {
            try
            {
                var now = (IDictionary<string, object?>)(await database.ReadAsync(session => session.FirstAsync<dynamic>(sql), CancellationToken.None))!;
                for (var i = 0; known is not null && i < topics.Length; i++)
                {
                    if (!Equals(known["m" + i], now["m" + i]))
                    {
                        Tell(topics[i].Name);
                    }
                }

                known = now;
            }
            catch (System.Data.Common.DbException failure)
            {
                Log.NotCompared(logger, failure.Message);
            }

            await timer.WaitForNextTickAsync();
            lock (gate)
            {
                if (listeners.Count == 0)
                {
                    watching = Task.CompletedTask;
                    return;
                }
            }
        }
    }

    private void Tell(string name)
    {
        lock (gate)
        {
            foreach (var listener in listeners)
            {
                listener.Writer.TryWrite(name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "PagesNotCompared: what open pages show could not be compared with the database: {Reason}", EventName = "PagesNotCompared")]
        public static partial void NotCompared(ILogger logger, string reason);
    }
}
