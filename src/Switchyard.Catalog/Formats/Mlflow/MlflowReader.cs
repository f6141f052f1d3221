using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Switchyard.Catalog.Detection;
using Switchyard.Catalog.Formats.Lfs;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Mlflow;

/// <summary>Reads a folder that holds an <c>MLmodel</c> and its siblings; never the weights (mlflow.org, "MLflow Models").</summary>
internal static class MlflowReader
{
    /// <summary>Null when the YAML is sound and not MLflow's.</summary>
    public static Model? Read(string folder, IReadOnlyList<ModelFile> files, ReadingContext context)
    {
        var path = RepositoryPath.Join(folder, NameRules.MlflowFile);
        var main = files.First(file => file.Path == path);
        var members = files.Where(file => RepositoryPath.FolderOf(file.Path) == folder).ToList();
        var digest = DigestOf(members);
        var name = folder.Length == 0 ? NameRules.MlflowFile : RepositoryPath.NameOf(folder);
        Model Failed(ModelProblem problem) =>
            FailedModel.Of(main, ModelFormat.Mlflow, problem) with { Path = folder, Name = name, Digest = digest };

        if (LfsPointer.Read(main) is { } pointer)
        {
            return pointer.ToModel(main, ModelFormat.Mlflow) with { Path = folder, Name = name, Digest = digest };
        }

        if (main.Size > Bounds.SiblingBytes || !main.Whole)
        {
            return Failed(new(ProblemCode.TooLarge, $"The MLmodel has {main.Size} bytes; {Bounds.SiblingBytes} are read.", ProblemSeverity.Error));
        }

        var outcome = YamlText.Parse(main.Bytes, context);
        if (!outcome.Ok)
        {
            return Failed(outcome.Problem!);
        }

        if (!outcome.Root.Has("flavors", JsonValueKind.Object))
        {
            return Failed(new(ProblemCode.ParseFailed, "The MLmodel has no flavors.", ProblemSeverity.Error));
        }

        var model = Describe(outcome.Root, folder, name, members, context);
        return ModelTally.Counted(model, context) with { Digest = digest };
    }

    /// <summary>
    /// SHA-256 over <c>path\0sha256\n</c> of the members in order of path, paths relative to the folder. Of a member that was not
    /// read whole, its size and beginning stand for it.
    /// </summary>
    private static string DigestOf(List<ModelFile> members)
    {
        var list = new StringBuilder();
        foreach (var file in members.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var digest = FailedModel.DigestOf(file) ?? $"{file.Size}:{Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span))}";
            list.Append(file.Name).Append('\0').Append(digest).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())));
    }

    private static Model Describe(JsonElement root, string folder, string name, List<ModelFile> members, ReadingContext context)
    {
        var flavors = root.Members("flavors").ToList();
        var python = root.Get("flavors")?.Get("python_function");
        var facts = new FactList()
            .AddMembers(root, key => key is "signature")
            .Add("flavorNames", flavors.ConvertAll(flavor => flavor.Name))
            .Add("loaderModule", python?.Get("loader_module"))
            .Add("pythonVersion", python?.Get("python_version"));
        MlflowSiblings.AddFacts(members, facts, context);
        return new()
        {
            Path = folder,
            Format = ModelFormat.Mlflow,
            Name = name,
            Target = flavors.Select(flavor => flavor.Name).FirstOrDefault(flavor => flavor != "python_function") ?? "python_function",
            TargetVersion = root.Scalar("mlflow_version"),
            Containers = MlflowSignature.Read(root.Get("signature"), context),
            Links = LinksOf(root, members),
            Facts = facts.ToFields(),
        };
    }

    private static List<Link> LinksOf(JsonElement root, List<ModelFile> members)
    {
        var links = new List<Link>();
        if (root.Words("run_id") is { } run)
        {
            links.Add(new(LinkKind.Run, run, false));
        }

        if (MlflowSiblings.RegisteredName(members) is { } entry)
        {
            links.Add(new(LinkKind.RegistryEntry, entry, false));
        }

        return links;
    }
}
