using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Switchyard.Catalog.Formats.Lfs;

/// <summary>
/// A Git LFS pointer: less than 1024 bytes, <c>version</c> first, the other keys in order, one "key value" a line
/// (git-lfs, docs/spec.md).
/// </summary>
internal sealed record LfsPointer(string Oid, long Size)
{
    private const int MaxBytes = 1023;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static LfsPointer? Read(ModelFile file)
    {
        var text = file.Bytes.Span;
        if (file.Size > MaxBytes || !file.Whole || !text.StartsWith("version https://git-lfs.github.com/spec/v1\n"u8))
        {
            return null;
        }

        string? oid = null;
        long? size = null;
        var previous = "";
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var space = line.IndexOf(' ');
            if (space <= 0 || string.CompareOrdinal(previous, line[..space]) >= 0)
            {
                return null;
            }

            previous = line[..space];
            var value = line[(space + 1)..];
            switch (previous)
            {
                case "oid" when value.StartsWith("sha256:", StringComparison.Ordinal) && value.Length == 71
                    && value.AsSpan(7).IndexOfAnyExcept(Hex) < 0:
                    oid = value[7..];
                    break;
                case "size" when long.TryParse(value, out var given) && given >= 0:
                    size = given;
                    break;
                case "oid" or "size":
                    return null;
                default:
                    break;
            }
        }

        return oid is not null && size is { } known ? new(oid, known) : null;
    }

    public Model ToModel(ModelFile file, string format) => new()
    {
        Path = file.Path,
        Format = format,
        Name = FailedModel.NameOf(file.Path),
        Status = ModelStatus.Pointer,
        Facts = JsonFields.From(
        [
            new("lfsOid", JsonElement.Parse(Encoding.UTF8.GetBytes($"\"sha256:{Oid}\""))),
            new("lfsSize", JsonElement.Parse(Encoding.UTF8.GetBytes($"{Size}"))),
        ]),
    };
}
