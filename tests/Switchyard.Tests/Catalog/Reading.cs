using System.Text;
using Switchyard.Catalog;

namespace Switchyard.Tests.Catalog;

/// <summary>Reads files given as text or bytes; a defect of a reader fails the test instead of becoming a problem of the model.</summary>
internal static class Reading
{
    public static Model? Of(string path, string text, string? previousFormat = null) => Of(path, Encoding.UTF8.GetBytes(text), previousFormat);

    public static Model? Of(string path, byte[] bytes, string? previousFormat = null, long? size = null) =>
        ModelCatalog.ReadStrictly(path, [new ModelFile(path, bytes, size ?? bytes.Length)], previousFormat, CancellationToken.None).Model;

    public static Model? OfFolder(string folder, params (string Path, string Text)[] files) =>
        ModelCatalog.ReadStrictly(
            folder,
            [.. files.Select(file => new ModelFile(file.Path, Encoding.UTF8.GetBytes(file.Text), Encoding.UTF8.GetByteCount(file.Text)))],
            null,
            CancellationToken.None).Model;
}
