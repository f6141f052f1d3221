using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Switchyard.Cli.Workflow;

/// <summary>What a workflow file declares under <c>on.workflow_dispatch.inputs</c>.</summary>
internal static class DeclaredInputs
{
    /// <summary>The names; none where the file cannot be read.</summary>
    public static IReadOnlyList<string> Of(byte[] file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Encoding.UTF8.GetString(file)));
            var inputs = stream.Documents is [{ RootNode: var root }, ..] ? At(root, "on", "workflow_dispatch", "inputs") : null;
            return inputs is YamlMappingNode declared ? [.. declared.Children.Keys.OfType<YamlScalarNode>().Select(name => name.Value ?? "")] : [];
        }
        catch (YamlException)
        {
            // GitHub says what is wrong with it when it is to be started.
            return [];
        }
    }

    private static YamlNode? At(YamlNode node, params string[] path)
    {
        foreach (var name in path)
        {
            if (node is not YamlMappingNode members || !members.Children.TryGetValue(new YamlScalarNode(name), out var member))
            {
                return null;
            }

            node = member;
        }

        return node;
    }
}
