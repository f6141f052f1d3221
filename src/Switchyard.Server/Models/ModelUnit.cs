using System.Security.Cryptography;
using System.Text.Json;
using Switchyard.Catalog;

namespace Switchyard.Server.Models;

/// <summary>A file that makes a model, or one member of a folder that does.</summary>
internal sealed record ModelMember(string Path, string Oid, long ReadBytes);

/// <summary>
/// A path at one commit that may be a model: what to read, and, once read, what it is. Everything that costs processor time
/// (hash, parse) is done in <see cref="Read"/>, on any thread.
/// </summary>
internal sealed class ModelUnit(string path, ModelKind kind, bool certain, string key, IReadOnlyList<ModelMember> members)
{
    /// <summary>No model takes this long; a hostile one is cut off and says so.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(30);

    private ModelFile[] files = [];

    public string Path => path;

    public ModelKind Kind => kind;

    /// <summary>What is compared to tell one Version from the next: the blob id, or the key of a folder's members.</summary>
    public string Key => key;

    public IReadOnlyList<ModelMember> Members => members;

    /// <summary>The commit adds the path (and not only changes it).</summary>
    public bool Adds { get; init; }

    /// <summary>Facts to show are wanted, not only those of the Version.</summary>
    public bool WantsDisplay { get; init; }

    /// <summary>Null when this is not a model.</summary>
    public ModelFacts? Facts { get; private set; }

    /// <summary>Null when the content was not read whole and so is not stored.</summary>
    public byte[]? Sha256 { get; private set; }

    public long Size { get; private set; }

    /// <summary>Contents to be stored with it, by digest.</summary>
    public IReadOnlyList<(byte[] Sha256, ReadOnlyMemory<byte> Bytes)> Contents { get; private set; } = [];

    /// <summary>How much of the file its header needs, where what was given was not enough.</summary>
    public long? WantedBytes { get; private set; }

    /// <summary>Takes what another reading of the same content at the same path found.</summary>
    public void TakeFrom(ModelFacts? facts, byte[]? sha256, long size) => (Facts, Sha256, Size) = (facts, sha256, size);

    /// <param name="given">The members in their order.</param>
    /// <param name="time">The clock of the limit on one reading.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public void Read(ModelFile[] given, TimeProvider time, CancellationToken cancellation)
    {
        files = given;
        Size = given.Sum(file => file.Size);
        Parse(null, time, cancellation);
        if (Facts is null)
        {
            return;
        }

        Digest();
    }

    /// <summary>
    /// Reads once more, knowing what the path was before: a plain <c>.json</c> that was a model and no longer parses stays one.
    /// </summary>
    public void ReadAgain(string previousFormat, TimeProvider time, CancellationToken cancellation)
    {
        if (certain || kind == ModelKind.Folder || files.Length == 0)
        {
            return;
        }

        Parse(previousFormat, time, cancellation);
        if (Facts is not null)
        {
            Digest();
        }
    }

    /// <summary>Lets go of the bytes.</summary>
    public void Forget() => (files, Contents) = ([], []);

    private void Parse(string? previousFormat, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ReadLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var reading = ModelCatalog.Read(path, files, previousFormat, linked.Token);
            WantedBytes = reading.WantedBytes;
            Facts = reading.Model is { } model ? ModelFacts.Of(model, WantsDisplay) : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Facts = Unreadable(previousFormat, $"Reading was stopped after {ReadLimit.TotalSeconds} seconds.");
        }
    }

    private ModelFacts? Unreadable(string? previousFormat, string message)
    {
        if (!certain && previousFormat is null)
        {
            return null;
        }

        var problems = JsonSerializer.Serialize(new[] { new { code = ProblemCode.ParseFailed, message, severity = nameof(ProblemSeverity.Error) } });
        return new ModelFacts(previousFormat ?? "unknown", nameof(ModelStatus.Failed), 1) { Display = ModelDisplay.Unreadable(path, problems) };
    }

    private void Digest()
    {
        var digests = Array.ConvertAll(files, file => file.Bytes.Length == file.Size ? SHA256.HashData(file.Bytes.Span) : null);
        if (kind == ModelKind.File)
        {
            Sha256 = digests[0];
            Contents = digests[0] is { } sha256 ? [(sha256, files[0].Bytes)] : [];
            return;
        }

        var list = FolderContent.Build(files.Select((file, i) => (file.Path[(file.Path.LastIndexOf('/') + 1)..], digests[i], members[i].Oid)));
        Sha256 = SHA256.HashData(list);
        Contents =
        [
            (Sha256, list),
            .. digests.Zip(files).Where(pair => pair.First is not null).Select(pair => (pair.First!, pair.Second.Bytes)),
        ];
    }
}
