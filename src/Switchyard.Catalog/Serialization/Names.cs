namespace Switchyard.Catalog.Serialization;

/// <summary>The names of enumeration values in JSON: camel case.</summary>
internal static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => Cache<T>.Names.TryGetValue(value, out var name) ? name : "";

    private static class Cache<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names =
            Enum.GetValues<T>().ToDictionary(value => value, value => Camel(value.ToString()));

        private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
    }
}
