using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Evaluations;

/// <summary>Why there is nothing to explain: it is not there, it is not linked, or nothing has happened yet.</summary>
internal sealed class UnknownSubject(Database database)
{
    private static readonly NextStep Signals = new("Recent signals", "/api/v1/signals", "switchyard signal list");

    public async Task<(string Message, NextStep Next)> DescribeAsync(long? dispatch, long? signal, string? repository, string? sha, CancellationToken cancellation)
    {
        if (dispatch is not null)
        {
            var made = await database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from dispatches where id = @dispatch", new { dispatch }), cancellation) > 0;
            return (
                made ? $"The signal that dispatch d-{dispatch} was made for is no longer kept, or is of another provider." : $"There is no dispatch d-{dispatch}.",
                new NextStep("Recent dispatches", "/api/v1/dispatches", "switchyard dispatch list"));
        }

        if (signal is not null)
        {
            return ($"There is no signal s-{signal}, or it is no longer kept.", Signals);
        }

        if (repository is null)
        {
            return ($"No signal is of a commit that begins with {sha}. A push that GitHub never told of is found by the poll, at the latest.", Signals);
        }

        var linked = await database.ReadAsync(session => session.QueryAsync<string>("select owner || '/' || name from repositories where linked = 1 and unlinked = 0"), cancellation);
        return linked.Contains(repository, StringComparer.OrdinalIgnoreCase)
            ? ($"Nothing is known of {repository}{(sha is null ? " yet" : $"@{sha}")}. A push that GitHub never told of is found by the poll, at the latest.", Signals)
            : ($"{repository} is not linked, so nothing of it is known.{(Nearest.Of(repository, linked) is { } near ? $" Did you mean {near}?" : "")}", new NextStep("Linked repositories", "/api/v1/repositories", "switchyard repo list"));
    }
}
