using System.Text.Json.Nodes;

namespace Switchyard.Rules;

/// <summary>The values of one Dispatch, out of the facts of its Signals.</summary>
public sealed class Placeholders : IPlaceholders
{
    /// <param name="facts">The Signal that counts: the last one.</param>
    /// <param name="ruleName">The rule.</param>
    /// <param name="dispatchId">Empty as long as there is none.</param>
    /// <param name="batch">All that went in, oldest first; null: <paramref name="facts"/> alone.</param>
    public Placeholders(SignalFacts facts, string ruleName, string dispatchId, IReadOnlyList<SignalFacts>? batch = null) =>
        throw new NotSupportedException();

    public string Text(string field) => throw new NotSupportedException();

    public JsonNode? Json(string field) => throw new NotSupportedException();
}
