using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Protobuf;

/// <summary>Tells a .proto file from data of other tools by its top-level statements, and lists what it defines.</summary>
internal static class ProtobufReader
{
    private const int MaxNames = 1000;

    /// <summary>Null for text that is no protobuf definition.</summary>
    public static Model? Read(ModelFile file, ReadingContext context)
    {
        if (file.Size > Bounds.TextBytes || !file.Whole)
        {
            return FailedModel.Of(file, ModelFormat.Protobuf, JsonText.TooLarge(file.Size));
        }

        if (file.Size == 0 || PlainText.Decode(file.Bytes) is not { } text)
        {
            return FailedModel.Of(file, ModelFormat.Protobuf, new ModelProblem(
                ProblemCode.ParseFailed, file.Size == 0 ? "The file is empty." : "The file is binary, no protobuf definition.", ProblemSeverity.Error));
        }

        var marker = TextPlace.ConflictMarker(file.Bytes.Span);
        if (marker >= 0)
        {
            return FailedModel.Of(file, ModelFormat.Protobuf, new ModelProblem(
                ProblemCode.ParseFailed,
                "The file holds the conflict markers of an unfinished merge.",
                ProblemSeverity.Error,
                TextPlace.LineOf(file.Bytes.Span, marker),
                marker));
        }

        var found = Statements(text, context);
        return found.Count == 0 ? null : Describe(file, found, context);
    }

    private static Model Describe(ModelFile file, Dictionary<string, List<string>> found, ReadingContext context)
    {
        List<string> Of(string word) => found.GetValueOrDefault(word) ?? [];
        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Protobuf,
            Name = FailedModel.NameOf(file.Path),
            TechnicalName = Of("package").FirstOrDefault(),
            Target = "Protobuf",
            TargetVersion = Of("edition").Concat(Of("syntax")).FirstOrDefault(),
            Status = context.Status,
            Facts = new FactList()
                .Add("package", Of("package").FirstOrDefault())
                .Add("imports", Of("import"))
                .Add("messages", Of("message"))
                .Add("enums", Of("enum"))
                .Add("services", Of("service"))
                .ToFields(),
            Links =
            [
                .. Of("import").Distinct(StringComparer.Ordinal).Select(import => new Link(LinkKind.Ref, import, false)),
            ],
            Problems = context.Problems,
        };
    }

    /// <summary>The statements outside any braces, by their first word.</summary>
    private static Dictionary<string, List<string>> Statements(string text, ReadingContext context)
    {
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var tokens = new ProtobufTokens(text);
        var (depth, atStart) = (0, true);
        var token = tokens.Next();
        while (token.Length > 0)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (depth == 0 && atStart && token is "syntax" or "edition" or "package" or "message" or "enum" or "service" or "import")
            {
                var word = token.ToString();
                token = tokens.Next();
                Take(found, word, ref token, ref tokens);
                atStart = false;
                continue;
            }

            depth += token is "{" ? 1 : token is "}" && depth > 0 ? -1 : 0;
            atStart = token is ";" or "}";
            token = tokens.Next();
        }

        // An import alone is no definition.
        return found.Keys.Any(word => word != "import") ? found : [];
    }

    private static void Take(Dictionary<string, List<string>> found, string word, ref ReadOnlySpan<char> token, ref ProtobufTokens tokens)
    {
        if (word is "syntax" or "edition")
        {
            if (token is not "=")
            {
                return;
            }

            token = tokens.Next();
        }
        else if (word == "import" && token is "public" or "weak")
        {
            token = tokens.Next();
        }

        var quoted = word is "syntax" or "edition" or "import";
        if (token.Length == 0 || quoted != token[0] is '"' or '\'' || (!quoted && !char.IsAsciiLetter(token[0]) && token[0] != '_'))
        {
            return;
        }

        if (!found.TryGetValue(word, out var names))
        {
            found[word] = names = [];
        }

        if (names.Count < MaxNames)
        {
            names.Add(token.Trim("\"'").ToString());
        }

        token = tokens.Next();
    }
}
