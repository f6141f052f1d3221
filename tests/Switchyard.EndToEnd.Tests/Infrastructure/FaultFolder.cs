namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>The test's side of the server's fault points: says where to end, and reads which points were reached.</summary>
internal sealed class FaultFolder(string folder)
{
    private long offset;

    private string Kill => Path.Combine(folder, "kill");

    private string Trace => Path.Combine(folder, "trace");

    public string Location => folder;

    /// <summary>The server ends itself with SIGKILL when it comes to this point for the given time.</summary>
    public void Arm(string point, int hit = 1)
    {
        Directory.CreateDirectory(folder);
        var draft = Kill + ".draft";
        File.WriteAllText(draft, $"{point} {hit}");
        File.Move(draft, Kill, overwrite: true);
    }

    public void Disarm() => File.Delete(Kill);

    /// <summary>The points reached since the last time this was asked, in order.</summary>
    public IReadOnlyList<string> ReachedSince()
    {
        if (!File.Exists(Trace))
        {
            return [];
        }

        using var stream = new FileStream(Trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = offset;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        offset = stream.Length;
        return lines;
    }
}
