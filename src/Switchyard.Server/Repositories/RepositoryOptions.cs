namespace Switchyard.Server.Repositories;

/// <summary>Section <c>Repositories</c>.</summary>
public sealed class RepositoryOptions
{
    public const string Section = "Repositories";

    /// <summary>Syncs that may run at once on this node; 1 to 64, default 4.</summary>
    public int Syncs { get; set; } = 4;

    /// <summary>How often heads and installations are polled for what no Delivery told; default 5 minutes.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Repositories larger than this (as GitHub reports it, in KiB) are mirrored without blobs, and those of models are fetched
    /// in bulk; default 524,288 (512 MiB).
    /// </summary>
    public long BloblessAboveKb { get; set; } = 512 * 1024;

    /// <summary>How long a Sync that is over is kept; the last 20 of each repository stay for ever. Default 90 days.</summary>
    public TimeSpan SyncRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The longest one git command may take; default 30 minutes.</summary>
    public TimeSpan GitTimeout { get; set; } = TimeSpan.FromMinutes(30);
}
