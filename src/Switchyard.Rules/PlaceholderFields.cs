namespace Switchyard.Rules;

/// <summary>One field that <c>${{ }}</c> may read.</summary>
/// <param name="Name"><c>source.owner</c>; <c>signal.inputs.*</c> stands for any name.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Kinds">The kinds of Signal that have it; empty: all.</param>
/// <param name="ForkControlled">For a Signal from a fork its text is chosen by the fork's owner, and so percent-encoded.</param>
public sealed record PlaceholderField(string Name, string Sentence, IReadOnlyList<string> Kinds, bool ForkControlled = false);

/// <summary>The table of all fields: the parser, the schema, the documentation and rendering read it.</summary>
public static class PlaceholderFields
{
    public static IReadOnlyList<PlaceholderField> All => throw new NotSupportedException();

    public static PlaceholderField? Find(string name) => throw new NotSupportedException();
}
