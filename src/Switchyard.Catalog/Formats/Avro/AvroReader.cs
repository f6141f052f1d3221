using System.Text.Json;
using Switchyard.Catalog.Detection;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Avro;

/// <summary>Reads Avro schemas (.avsc) and protocols (.avpr): every named type is an entity (Avro 1.12 specification).</summary>
internal static class AvroReader
{
    public static Model Read(JsonElement root, ModelFile file, ReadingContext context)
    {
        if (root.Text("protocol") is { } protocol)
        {
            return ReadProtocol(root, protocol, file, context);
        }

        if (root.ValueKind is not (JsonValueKind.String or JsonValueKind.Array) && root.Get("type") is null)
        {
            return FailedModel.Of(file, ModelFormat.Avro, new ModelProblem(
                ProblemCode.ParseFailed, "The file is JSON but no Avro schema: it has no type.", ProblemSeverity.Error));
        }

        var types = new AvroTypes(context);
        foreach (var branch in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
        {
            types.Read(branch, "", "");
        }

        var facts = new FactList();
        if (AvroCanonicalForm.Of(root) is { } canonical)
        {
            facts.Add("fingerprintCrc64", AvroFingerprint.Crc64Hex(canonical)).Add("fingerprintSha256", AvroFingerprint.Sha256Hex(canonical));
        }
        else
        {
            context.Warn(ProblemCode.Malformed, "The schema has no canonical form, so it has no fingerprint: a name or a part of a type is missing.");
        }

        return Complete(types, context, new()
        {
            Path = file.Path,
            Format = ModelFormat.Avro,
            Name = root.Words("name") ?? FailedModel.NameOf(file.Path),
            Description = root.Words("doc"),
            Facts = facts.ToFields(),
        });
    }

    /// <summary>A template of a schema is told from a broken schema.</summary>
    public static ModelProblem ExplainTemplate(NameHint hint, ModelFile file, ModelProblem problem) =>
        hint.Format == ModelFormat.Avro && problem.Code == ProblemCode.ParseFailed
        && (file.Bytes.Span.IndexOf("{{"u8) >= 0 || file.Bytes.Span.IndexOf("${"u8) >= 0 || file.Bytes.Span.IndexOf("<%"u8) >= 0)
            ? problem with { Message = "The file is a template of a schema, no schema: " + problem.Message }
            : problem;

    private static Model ReadProtocol(JsonElement root, string protocol, ModelFile file, ReadingContext context)
    {
        var types = new AvroTypes(context);
        var scope = root.Words("namespace") ?? "";
        foreach (var type in root.Items("types"))
        {
            types.Read(type, scope, "");
        }

        var operations = new List<Operation>();
        foreach (var message in root.Members("messages"))
        {
            var inputs = types.Fields(message.Value.Get("request"), scope, "", message.Name);
            var output = message.Value.Get("response") is { } response ? types.Read(response, scope, "") : null;
            operations.Add(new()
            {
                Id = $"{protocol}/{message.Name}",
                Name = message.Name,
                Description = message.Value.Words("doc"),
                Inputs = inputs,
                Outputs = output is null ? [] : [new() { Id = "response", IdKind = IdKind.Name, Path = "response", Name = "response", Type = output }],
            });
        }

        return Complete(types, context, new()
        {
            Path = file.Path,
            Format = ModelFormat.Avro,
            Name = protocol,
            Description = root.Words("doc"),
            Operations = operations,
            Facts = new FactList().Add("namespace", root.Get("namespace")).ToFields(),
        });
    }

    private static Model Complete(AvroTypes types, ReadingContext context, Model model)
    {
        var containers = types.Entities
            .GroupBy(entity => NamespaceOf(entity.Id), StringComparer.Ordinal)
            .Select(group => new Container
            {
                Id = group.Key,
                Name = group.Key,
                Kind = group.Key.Length == 0 ? ContainerKind.None : ContainerKind.Package,
                Entities = [.. group],
            });
        return ModelTally.Counted(
            model with
            {
                Target = "Avro",
                Containers = [.. containers],
                Relationships = [.. types.Relationships()],
            },
            context);
    }

    private static string NamespaceOf(string fullName) => fullName.LastIndexOf('.') is var dot and > 0 ? fullName[..dot] : "";
}
