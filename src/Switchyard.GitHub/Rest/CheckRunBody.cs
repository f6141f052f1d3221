using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>A check run as GitHub takes it: 50 annotations a call, and texts of limited length.</summary>
internal static class CheckRunBody
{
    private const int AnnotationsPerCall = 50;

    // GitHub says characters; counted in bytes a text is within the limit either way.
    private const int LongestText = 65_535;
    private const int LongestTitle = 255;

    /// <exception cref="ArgumentException">What GitHub requires is missing.</exception>
    public static byte[] First(CheckRunDraft draft, bool isNew)
    {
        if (isNew && (string.IsNullOrEmpty(draft.Name) || string.IsNullOrEmpty(draft.HeadSha)))
        {
            throw new ArgumentException("A check run needs a name and a commit.", nameof(draft));
        }

        if (draft.Conclusion is null && (draft.Status == "completed" || draft.CompletedAt is not null))
        {
            throw new ArgumentException("A completed check run needs a conclusion.", nameof(draft));
        }

        return JsonBody.Of(json =>
        {
            json.Text("name", draft.Name);
            json.Text("head_sha", isNew ? draft.HeadSha : null);
            json.Text("status", draft.Status);
            json.Text("conclusion", draft.Conclusion);
            json.Text("details_url", draft.DetailsUrl);
            json.Text("external_id", draft.ExternalId);
            json.Time("started_at", draft.StartedAt);
            json.Time("completed_at", draft.CompletedAt);
            if (draft.Title is not null || draft.Summary is not null || draft.Text is not null || draft.Annotations.Count > 0)
            {
                WriteOutput(json, draft, draft.Annotations.Take(AnnotationsPerCall));
            }
        });
    }

    /// <summary>The calls that add the annotations which did not fit into the first.</summary>
    public static IEnumerable<byte[]> Rest(CheckRunDraft draft) =>
        draft.Annotations.Skip(AnnotationsPerCall).Chunk(AnnotationsPerCall).Select(some => JsonBody.Of(json => WriteOutput(json, draft, some)));

    private static void WriteOutput(Utf8JsonWriter json, CheckRunDraft draft, IEnumerable<CheckAnnotation> annotations)
    {
        var title = draft.Title ?? draft.Name ?? throw new ArgumentException("A check run's summary, text and annotations need a title.", nameof(draft));
        json.WriteStartObject("output");
        json.WriteString("title", Cut(title, LongestTitle, noted: false));
        json.WriteString("summary", Cut(draft.Summary ?? title, LongestText));
        json.Text("text", draft.Text is null ? null : Cut(draft.Text, LongestText));
        json.WriteStartArray("annotations");
        foreach (var annotation in annotations)
        {
            WriteAnnotation(json, annotation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, CheckAnnotation annotation)
    {
        json.WriteStartObject();
        json.WriteString("path", annotation.Path);
        json.WriteNumber("start_line", annotation.StartLine);
        json.WriteNumber("end_line", annotation.EndLine);

        // GitHub refuses columns across several lines.
        json.Number("start_column", annotation.StartLine == annotation.EndLine ? annotation.StartColumn : null);
        json.Number("end_column", annotation.StartLine == annotation.EndLine ? annotation.EndColumn : null);
        json.WriteString("annotation_level", annotation.Level);
        json.WriteString("message", Cut(annotation.Message, LongestText));
        json.Text("title", annotation.Title is null ? null : Cut(annotation.Title, LongestTitle, noted: false));
        json.Text("raw_details", annotation.RawDetails is null ? null : Cut(annotation.RawDetails, LongestText));
        json.WriteEndObject();
    }

    private static string Cut(string text, int longest, bool noted = true)
    {
        if (Encoding.UTF8.GetByteCount(text) <= longest)
        {
            return text;
        }

        string Note(int left) => noted ? string.Create(CultureInfo.InvariantCulture, $"\n\n... cut here: GitHub takes no more ({left} characters are left out).") : "...";
        var room = longest - Encoding.UTF8.GetByteCount(Note(text.Length));
        var kept = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }

            kept += rune.Utf16SequenceLength;
        }

        return text[..kept] + Note(text.Length - kept);
    }
}
