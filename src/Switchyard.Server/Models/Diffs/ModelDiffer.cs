using System.Globalization;
using Switchyard.Catalog;

namespace Switchyard.Server.Models.Diffs;

/// <summary>Compares two Versions of a model as text: a file, or each member of a folder.</summary>
internal sealed class ModelDiffer(ModelReader reader)
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostLines = 5_000;

    /// <returns>Null where the content of a side is not stored: then nothing can be said, least of all that nothing has changed.</returns>
    public async Task<ModelDiff?> RunAsync(ModelRow model, VersionRow from, VersionRow to, int context, CancellationToken cancellation)
    {
        var old = await reader.ReadFilesAsync(model.Path, model.Kind, from.ContentSha256, cancellation);
        var fresh = await reader.ReadFilesAsync(model.Path, model.Kind, to.ContentSha256, cancellation);
        if (old is null || fresh is null)
        {
            return null;
        }

        var same = from.ContentSha256.AsSpan().SequenceEqual(to.ContentSha256);
        var files = same ? [] : Compare(model, old, fresh, context);
        return new ModelDiff(
            model.Id.ToString(CultureInfo.InvariantCulture), Show(from), Show(to), same, files.Sum(file => file.Added), files.Sum(file => file.Removed), files);
    }

    /// <summary>How a file of a model is called on its page: a member by its path below the folder.</summary>
    public static string NameOf(ModelRow model, ModelFile file) =>
        model.Kind == nameof(ModelKind.Folder) ? (model.Path.Length == 0 ? file.Path : file.Path[(model.Path.Length + 1)..]) : file.Path[(file.Path.LastIndexOf('/') + 1)..];

    private static List<FileDiff> Compare(ModelRow model, ModelFile[] old, ModelFile[] fresh, int context)
    {
        var left = old.ToDictionary(file => NameOf(model, file), StringComparer.Ordinal);
        var right = fresh.ToDictionary(file => NameOf(model, file), StringComparer.Ordinal);
        var files = new List<FileDiff>();
        var most = MostLines;
        foreach (var name in left.Keys.Union(right.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (before, after) = (left.GetValueOrDefault(name), right.GetValueOrDefault(name));
            if (before is not null && after is not null && before.Size == after.Size && before.Bytes.Length == before.Size && before.Bytes.Span.SequenceEqual(after.Bytes.Span))
            {
                continue;
            }

            var file = Compare(name, before, after, context, most);
            most = Math.Max(0, most - file.Hunks.Sum(hunk => hunk.Lines.Count));
            files.Add(file);
        }

        return files;
    }

    private static FileDiff Compare(string name, ModelFile? before, ModelFile? after, int context, int most)
    {
        var state = before is null ? DiffWord.Added : after is null ? DiffWord.Removed : DiffWord.Changed;
        var old = Text(name, before);
        var fresh = Text(name, after);
        if ((old.NotShown ?? fresh.NotShown) is { } notShown)
        {
            return new FileDiff(name, state, notShown, false, false, 0, 0, []);
        }

        var formatted = old.IsOneLineJson || fresh.IsOneLineJson;
        if (formatted)
        {
            (old, fresh) = (old.Format(), fresh.Format());
        }

        if (most == 0)
        {
            return new FileDiff(name, state, "The files before this one fill what is shown at once. Download both Versions to compare it.", formatted, true, 0, 0, []);
        }

        return TextDiff.Compare(old.Text, fresh.Text, context, most) is var (hunks, added, removed, cut)
            ? new FileDiff(name, state, NoteOf(formatted, hunks.Count == 0, cut), formatted, cut, added, removed, hunks)
            : new FileDiff(name, state, "The texts differ in thousands of lines, which is more than is compared here. Download both Versions to compare them.", formatted, true, 0, 0, []);
    }

    private static SourceText Text(string name, ModelFile? file) => file is null ? new SourceText(name, 0, "", false, null) : SourceText.Of(name, file, MostBytes);

    private static DiffVersion Show(VersionRow row) => new(row.Number, row.Sha, row.ContentSha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null);

    private static string? NoteOf(bool formatted, bool none, bool cut)
    {
        string?[] sentences =
        [
            formatted ? "The file is JSON in one line; it was laid out over lines before it was compared." : null,
            !none ? null : formatted ? "Only white space differs." : "Only a mark that is not shown differs, such as a byte order mark.",
            cut ? "There is more than is shown. Download both Versions to see all of it." : null,
        ];
        var text = string.Join(' ', sentences.OfType<string>());
        return text.Length == 0 ? null : text;
    }
}
