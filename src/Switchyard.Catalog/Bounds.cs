namespace Switchyard.Catalog;

/// <summary>What a parser never goes beyond (catalogue, section 1.1). Model files are hostile until read.</summary>
internal static class Bounds
{
    public const int TextBytes = 64 * 1024 * 1024;

    /// <summary>SQL scripts are read by statement, and large ones are seed data.</summary>
    public const int SqlBytes = 16 * 1024 * 1024;

    /// <summary>MLmodel and each of its siblings.</summary>
    public const int SiblingBytes = 1024 * 1024;

    public const int JsonDepth = 256;

    public const int YamlAliases = 100;

    public const int YamlNodes = 1_000_000;

    public const int Attributes = 200_000;

    /// <summary>Entities, containers, relationships, views, definitions, keys and operations of a model, together.</summary>
    public const int Items = 200_000;

    /// <summary>Words of one list: tags, columns of a key, links.</summary>
    public const int Texts = 10_000;

    /// <summary>Problems kept per model: a broken file of 64 MiB has millions.</summary>
    public const int Problems = 200;
}
