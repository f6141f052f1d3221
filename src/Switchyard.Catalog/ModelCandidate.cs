namespace Switchyard.Catalog;

/// <summary>Whether a model is one file or a folder of files that belong together.</summary>
public enum ModelKind
{
    File,
    Folder,
}

/// <summary>What a path promises by its name alone (catalogue, section 1.1 step 2). Content confirms it.</summary>
/// <param name="ModelPath">The path of the model: the file itself, or the folder of a folder model ("" = the repository root).</param>
/// <param name="Kind">A file, or a member of a folder model.</param>
/// <param name="Certain">The name alone makes it a model, readable or not; for a folder, this member is the one that makes the folder a model.</param>
/// <param name="ReadBytes">How many bytes of the blob are wanted, from its start; a blob larger than that is read up to here.</param>
public sealed record ModelCandidate(string ModelPath, ModelKind Kind, bool Certain, long ReadBytes);

/// <summary>One file handed to <see cref="ModelCatalog.Read"/>.</summary>
/// <param name="Path">The path in the repository, separated by '/'.</param>
/// <param name="Bytes">The content, or its beginning where it is shorter than <paramref name="Size"/>; empty when the file was too large to be read.</param>
/// <param name="Size">The size of the whole file in bytes.</param>
public sealed record ModelFile(string Path, ReadOnlyMemory<byte> Bytes, long Size)
{
    internal bool Whole => Bytes.Length >= Size;

    internal string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>The outcome of reading a candidate.</summary>
public sealed record ModelReading
{
    /// <summary>Not a model: nothing is to be shown or stored at this path.</summary>
    public static ModelReading NotAModel { get; } = new();

    /// <summary>The model, also when it could not be read (its <see cref="Catalog.Model.Problems"/> say why); null when this is not a model.</summary>
    public Model? Model { get; init; }

    /// <summary>How many bytes from the start of the file the header needs, when fewer were given; null when enough were given.</summary>
    public long? WantedBytes { get; init; }

    internal static ModelReading Of(Model model) => new() { Model = model };
}
