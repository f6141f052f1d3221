using System.IO.Compression;
using System.Security.Cryptography;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

internal sealed record Pulled(long Bytes, string Sha256);

/// <summary>
/// Where a download goes. It is whole or not there: written beside its place, checked against the announced size and hash,
/// and only then moved. Names come from repositories, so none may lead out of the folder.
/// </summary>
internal static class PullTarget
{
    public static string SafeName(string name) =>
        name is "" or "." or ".." || name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            ? throw CommandProblem.Usage($"The model is called \"{name}\", which is no file name on this system. Give one with --output.")
            : name;

    public static async Task<Pulled> ToFileAsync(HttpResponseMessage response, string target, bool overwrite, ProgressLine progress, CancellationToken cancellation)
    {
        RefuseExisting(target, overwrite);
        var partial = target + ".partial-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var pulled = await WriteAsync(response, partial, progress, cancellation);
            if (AnnouncedHash(response) is { } announced && announced != pulled.Sha256)
            {
                throw new CommandProblem(
                    ExitCode.Integrity, "HashDiffers", $"What arrived has SHA-256 {pulled.Sha256}, announced was {announced}. Nothing was written; try again, and if it stays so, look for a proxy that changes contents.");
            }

            File.Move(partial, target, overwrite: true);
            return pulled;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public static async Task<Pulled> ToFolderAsync(HttpResponseMessage response, string target, bool overwrite, ProgressLine progress, CancellationToken cancellation)
    {
        RefuseExisting(target, overwrite);
        var partial = target.TrimEnd(Path.DirectorySeparatorChar) + ".partial-" + Guid.NewGuid().ToString("N")[..8];
        var archive = partial + ".zip";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
            var pulled = await WriteAsync(response, archive, progress, cancellation);
            // Refuses entries that would land outside of the folder.
            await ZipFile.ExtractToDirectoryAsync(archive, partial, cancellation);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(partial, target);
            return pulled;
        }
        finally
        {
            File.Delete(archive);
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    public static async Task ToStandardOutputAsync(HttpResponseMessage response, Terminal terminal, CancellationToken cancellation)
    {
        await terminal.Out.FlushAsync(cancellation);
        await using var output = Console.OpenStandardOutput();
        await response.Content.CopyToAsync(output, cancellation);
    }

    private static async Task<Pulled> WriteAsync(HttpResponseMessage response, string path, ProgressLine progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var expected = response.Content.Headers.ContentLength;
        long bytes = 0;
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        await using (var stream = await response.Content.ReadAsStreamAsync(cancellation))
        {
            var buffer = new byte[128 * 1024];
            while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
            {
                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
                bytes += count;
                progress.Report("Bytes", bytes, expected);
            }
        }

        return expected is null || expected == bytes
            ? new Pulled(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()))
            : throw new CommandProblem(ExitCode.Integrity, "SizeDiffers", $"{bytes} bytes arrived, {expected} were announced. Nothing was written; try again.");
    }

    /// <summary>The ETag of a file model is the SHA-256 of its content.</summary>
    private static string? AnnouncedHash(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag && tag.Tag.Trim('"').Replace("sha256:", "", StringComparison.Ordinal) is { Length: 64 } digest ? digest : null;

    private static void RefuseExisting(string target, bool overwrite)
    {
        if (!overwrite && (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())))
        {
            throw new CommandProblem(ExitCode.Conflict, "Exists", $"{target} is there already. Nothing was written.", new NextStep("Add --yes to write over it"));
        }
    }
}
