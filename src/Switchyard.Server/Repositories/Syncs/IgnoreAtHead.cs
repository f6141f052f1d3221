using Switchyard.Catalog.Ignore;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>The ignore file as of the head: its patterns, and what tells it from another (name and blob id; null = none).</summary>
internal sealed record IgnoreAtHead(IgnoreFile File, string? Identity)
{
    private const string OwnName = ".switchyardignore";

    /// <summary>Hackolade's name: read with the same syntax where ours is absent.</summary>
    private const string HubName = ".hubignore";

    private const int WantedBytes = 64 * 1024 + 1;

    public bool IsHubIgnore => Identity?.StartsWith(HubName, StringComparison.Ordinal) == true;

    public static readonly string[] Paths = [OwnName, HubName];

    /// <exception cref="SyncException">The file is there and cannot be used: nothing may be added or removed until it is fixed.</exception>
    public static async Task<IgnoreAtHead> ReadAsync(FilesAtHead files, string head, CancellationToken cancellation)
    {
        if ((files.Find(OwnName) ?? files.Find(HubName)) is not { } entry)
        {
            return new IgnoreAtHead(IgnoreFile.BuiltIn, null);
        }

        if (!FileMode.IsFile(entry.Mode))
        {
            throw Unusable(entry.Path, head, "It is no plain file (a link or a submodule).");
        }

        var blob = await files.ReadAsync(entry, WantedBytes, cancellation)
            ?? throw Unusable(entry.Path, head, "Its blob is not in the mirror.");
        if (blob.Size > WantedBytes - 1)
        {
            // Only its beginning was read, so the size is told here.
            throw Unusable(entry.Path, head, $"It has {blob.Size:N0} bytes; {WantedBytes - 1:N0} are allowed.");
        }

        var reading = IgnoreFile.Parse(blob.Bytes);
        return reading.File is { } file
            ? new IgnoreAtHead(file, $"{entry.Path} {entry.Oid}")
            : throw Unusable(entry.Path, head, reading.Problem!.Message);
    }

    private static SyncException Unusable(string path, string head, string why) => new(
        ReasonCode.IgnoreFileInvalid,
        $"{path} at {head[..7]} cannot be used, so nothing was added or removed. {why} Fix the file and push.",
        new NextStep("Fix the ignore file and push"));
}

/// <summary>The file modes of git.</summary>
internal static class FileMode
{
    /// <summary>A plain file, executable or not (100644, 100755, and 100664 of old repositories); no link (120000), no submodule (160000).</summary>
    public static bool IsFile(string mode) => mode.StartsWith("100", StringComparison.Ordinal);
}
