namespace Switchyard.Catalog.Formats;

/// <summary>
/// Paths of attributes and JSON pointers, kept short: names nested in names would otherwise make a text that is many times as
/// long as the file.
/// </summary>
internal static class NodePath
{
    private const int LongestPath = 512;
    private const int LongestPointer = 1024;
    private const int LongestName = 1024;

    /// <summary>Adds a step to the path of an attribute.</summary>
    public static string Join(string parent, string own) => Tail(parent.Length == 0 ? own : string.Concat(Tail(parent, LongestPath), ".", Tail(own, LongestPath)), LongestPath);

    /// <summary>Adds a step, escaped already, to a JSON pointer.</summary>
    public static string Pointer(string parent, string step) => Tail(string.Concat(parent, "/", Tail(step, LongestPointer)), LongestPointer);

    /// <summary>A name that goes into the names of many others.</summary>
    public static string Name(string name) => Tail(name, LongestName);

    private static string Tail(string text, int longest) => text.Length <= longest ? text : string.Concat("…", text.AsSpan(text.Length - longest + 1));
}
