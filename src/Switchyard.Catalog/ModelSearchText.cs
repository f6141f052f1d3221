using System.Text;

namespace Switchyard.Catalog;

/// <summary>What a model is found by.</summary>
public static class ModelSearchText
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Lower-case names of the model, its containers, entities, operations, views, definitions and attributes, each once, one a line, at most 64 KiB of UTF-8.</summary>
    public static string Of(Model model)
    {
        var text = new Lines();
        text.Add(model.Name, model.TechnicalName, model.Target);
        foreach (var container in model.Containers)
        {
            text.Add(container.Kind == ContainerKind.None ? null : container.Name, container.TechnicalName);
        }

        foreach (var entity in model.Entities.Concat(model.Definitions))
        {
            text.Add(entity.Name, entity.TechnicalName);
        }

        foreach (var view in model.Views)
        {
            text.Add(view.Name, view.TechnicalName);
        }

        foreach (var operation in model.Operations)
        {
            text.Add(operation.Id, operation.Name);
        }

        foreach (var entity in model.Entities.Concat(model.Definitions))
        {
            Add(text, entity.Attributes);
        }

        return text.ToString();
    }

    private static void Add(Lines text, IReadOnlyList<EntityAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (text.Full)
            {
                return;
            }

            text.Add(attribute.Name, attribute.TechnicalName);
            Add(text, attribute.Children);
        }
    }

    private sealed class Lines
    {
        private readonly StringBuilder text = new();
        private readonly HashSet<string> met = new(StringComparer.Ordinal);
        private int bytes;

        public bool Full { get; private set; }

        public void Add(params ReadOnlySpan<string?> names)
        {
            foreach (var name in names)
            {
                if (!Full && !string.IsNullOrWhiteSpace(name))
                {
                    AddLine(name.Trim().ToLowerInvariant().ReplaceLineEndings(" "));
                }
            }
        }

        public override string ToString() => text.ToString();

        private void AddLine(string line)
        {
            if (!met.Add(line))
            {
                return;
            }

            var size = Encoding.UTF8.GetByteCount(line) + 1;
            Full = bytes + size > MaxBytes;
            if (!Full)
            {
                bytes += size;
                text.Append(text.Length == 0 ? "" : "\n").Append(line);
            }
        }
    }
}
