using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Switchyard.Catalog;

namespace Switchyard.Server.Models;

/// <summary>Sends contents: never as something that a browser would show or run, with the digest as its tag, and by ranges.</summary>
internal static class ModelDownload
{
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Says in the answer what the content is: <c>Pointer</c> is not the model, and <c>Failed</c> could not be read as one.</summary>
    public const string StatusHeader = "X-Switchyard-Model-Status";

    public static FileContentHttpResult Send(HttpContext context, string path, string kind, string status, ModelFile[] files, byte[] sha256, bool isImmutable)
    {
        context.Response.Headers[StatusHeader] = status;
        var isFolder = kind == nameof(ModelKind.Folder);
        var name = path[(path.LastIndexOf('/') + 1)..];
        name = name.Length == 0 ? "model" : name;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = isImmutable ? "private, max-age=31536000, immutable" : "private, no-cache";
        return TypedResults.File(
            isFolder ? Zip(path, files) : files[0].Bytes.ToArray(),
            isFolder ? "application/zip" : "application/octet-stream",
            isFolder ? name + ".zip" : name,
            enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(sha256)}\""));
    }

    /// <summary>Equal members make equal bytes: sorted, and without times of ours.</summary>
    private static byte[] Zip(string path, ModelFile[] files)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in files.Where(file => file.Bytes.Length == file.Size))
            {
                var entry = zip.CreateEntry(path.Length == 0 ? file.Path : file.Path[(path.Length + 1)..]);
                entry.LastWriteTime = ZipEpoch;
                using var content = entry.Open();
                content.Write(file.Bytes.Span);
            }
        }

        return output.ToArray();
    }
}
