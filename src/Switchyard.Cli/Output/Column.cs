using System.Text.Json.Nodes;

namespace Switchyard.Cli.Output;

/// <summary>One column of a list, or one line of a view.</summary>
/// <param name="Field">The member of the JSON, dots for members of members; also the name for <c>--json FIELDS</c>.</param>
/// <param name="Title">The heading.</param>
/// <param name="IsState">Shown with icon and color on a terminal.</param>
/// <param name="Show">The text, where it is more than the member's.</param>
internal sealed record Column(string Field, string Title, bool IsState = false, Func<JsonNode, string?>? Show = null)
{
    public static Column State(string field, string title) => new(field, title, IsState: true);

    public static Column Of(string field, string title, Func<JsonNode, string?> show) => new(field, title, false, show);

    /// <summary>The text of the column on one line; empty where there is nothing.</summary>
    public string Text(JsonNode item) => Printable.Line(Show is null ? Members.At(item, Field) : Show(item));
}
