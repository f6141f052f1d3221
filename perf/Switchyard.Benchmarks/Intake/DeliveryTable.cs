using System.Globalization;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>What became of the deliveries, read in the database itself; times are Unix milliseconds.</summary>
internal sealed class DeliveryTable(DatabaseReader database)
{
    public async Task UntilEmptyAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await database.ReadAsync("select 1 from deliveries where state in ('Received', 'Failed') limit 1")).Count > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(3))
            {
                throw new TimeoutException("After three minutes there are still deliveries that were not worked off.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Those that wait to be worked off.</summary>
    public async Task<long> CountAsync() => (await database.ReadAsync("select count(*) from deliveries where state in ('Received', 'Failed')"))[0];

    /// <summary>From received to handled, of those received since then.</summary>
    public async Task<Latencies> HandlingAsync(long since) =>
        new([.. (await database.ReadAsync(string.Create(CultureInfo.InvariantCulture, $"select handled_at - received_at from deliveries where received_at >= {since}"))).Select(value => (double)value)]);

    /// <summary>For each lane of the repositories that has one: when the first Delivery was handled after that time.</summary>
    public Task<List<long>> FirstHandledAsync(int firstRepository, int lastRepository, long after) =>
        database.ReadAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"select min(handled_at) from deliveries where repository_id between {firstRepository} and {lastRepository} and handled_at > {after} group by lane"));
}
