using System.Globalization;
using System.Text.Json;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>How far a Sync or another operation is.</summary>
public sealed record OperationProgress(string? Stage, long Done, long? Total, long Bytes);

/// <summary>What a Sync has done so far.</summary>
public sealed record SyncResult(long ModelsAdded, long ModelsChanged, long ModelsRemoved, long VersionsAdded, long Problems);

/// <summary>A Sync as the API shows it; it is also the operation that a request for one is answered with.</summary>
public sealed record SyncResource(
    string Id, string Kind, string RepositoryId, string Repository, string Mode, string Trigger, string? RequestedBy, string State, string? From, string? To, string? FellBack,
    OperationProgress Progress, SyncResult Result, string? ErrorCode, string? Error, IReadOnlyList<NextStep> Next, long Attempts,
    DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, double? Seconds, bool Joined)
{
    internal static SyncResource Of(Sync sync, bool joined = false) => new(
        sync.Id.ToString(CultureInfo.InvariantCulture),
        "sync",
        sync.RepositoryId.ToString(CultureInfo.InvariantCulture),
        sync.Repository,
        sync.Mode,
        sync.Cause,
        sync.RequestedBy,
        sync.State,
        sync.FromCommit,
        sync.ToCommit,
        sync.FellBack,
        new OperationProgress(sync.Stage, sync.FilesDone, sync.FilesTotal, sync.BytesDone),
        new SyncResult(sync.ModelsAdded, sync.ModelsChanged, sync.ModelsRemoved, sync.VersionsAdded, sync.Problems),
        sync.ErrorCode,
        sync.Error,
        sync.NextStep is { } next ? [JsonSerializer.Deserialize<NextStep>(next, JsonSerializerOptions.Web)!] : [],
        sync.Attempts,
        Time(sync.QueuedAt)!.Value,
        Time(sync.StartedAt),
        Time(sync.EndedAt),
        sync.StartedAt is { } started && sync.EndedAt is { } ended ? (ended - started) / 1000.0 : null,
        joined);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
