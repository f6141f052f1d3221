using System.Text;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Mlflow;

/// <summary>What the files beside an MLmodel say: environments, an example, the registered model, the front matter of the card.</summary>
internal static class MlflowSiblings
{
    public static void AddFacts(List<ModelFile> members, FactList facts, ReadingContext context)
    {
        AddDocument(members, "conda.yaml", "condaEnvironment", facts, context);
        AddDocument(members, "python_env.yaml", "pythonEnvironment", facts, context);
        AddDocument(members, "registered_model_meta", "registeredModel", facts, context);
        if (Small(members, "input_example.json", context) is { } example && JsonText.Parse(example.Bytes) is { Ok: true } read)
        {
            facts.Add("inputExample", read.Root);
        }

        if (Small(members, "requirements.txt", context) is { } requirements)
        {
            facts.Add("requirements", Lines(requirements));
        }

        if (Small(members, "README.md", context) is { } card && FrontMatter(card) is { } matter)
        {
            var outcome = YamlText.Parse(matter, context);
            facts.Add("card", outcome.Ok ? outcome.Root : null);
        }
    }

    public static string? RegisteredName(List<ModelFile> members)
    {
        if (Small(members, "registered_model_meta", null) is not { } file
            || YamlText.Parse(file.Bytes, new ReadingContext(CancellationToken.None)) is not { Ok: true } meta)
        {
            return null;
        }

        return meta.Root.Scalar("model_name") is not { } name ? null
            : meta.Root.Scalar("model_version") is { } version ? $"{name}/{version}" : name;
    }

    private static void AddDocument(List<ModelFile> members, string name, string fact, FactList facts, ReadingContext context)
    {
        if (Small(members, name, context) is not { } file)
        {
            return;
        }

        var outcome = YamlText.Parse(file.Bytes, context);
        if (outcome.Ok)
        {
            facts.Add(fact, outcome.Root);
        }
        else
        {
            context.Warn(outcome.Problem!.Code, $"{name}: {outcome.Problem.Message}");
        }
    }

    private static ModelFile? Small(List<ModelFile> members, string name, ReadingContext? context)
    {
        var file = members.Find(member => member.Name == name);
        if (file is null || (file.Whole && file.Size <= Bounds.SiblingBytes))
        {
            return file;
        }

        context?.Warn(ProblemCode.TooLarge, $"{name} has {file.Size} bytes; files beside an MLmodel are read up to {Bounds.SiblingBytes}.");
        return null;
    }

    private static string[] Lines(ModelFile file) =>
    [
        .. Encoding.UTF8.GetString(file.Bytes.Span).Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    private static ReadOnlyMemory<byte>? FrontMatter(ModelFile file)
    {
        var text = TextPlace.WithoutBom(file.Bytes);
        if (!text.Span.StartsWith("---\n"u8))
        {
            return null;
        }

        var end = text.Span[4..].IndexOf("\n---"u8);
        return end < 0 ? null : text.Slice(4, end + 1);
    }
}
