namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>The test's side of the server's fault points: says where to end, and reads which points were reached.</summary>
internal sealed class FaultFolder(string folder)
{
    private long offset;

    private string Kill => Path.Combine(folder, "kill");

    private string Held => Path.Combine(folder, "hold");

    private string Trace => Path.Combine(folder, "trace");

    public string Location => folder;

    /// <summary>The server ends itself with SIGKILL when it comes to this point for the given time.</summary>
    public void Arm(string point, int hit = 1) => Write(Kill, $"{point} {hit}");

    /// <summary>The server goes no further than this point, until it is released or ended.</summary>
    public void Hold(string point) => Write(Held, point);

    public void Release() => File.Delete(Held);

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

    /// <summary>In one step: the server may be reading it.</summary>
    private void Write(string file, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(file + ".draft", text);
        File.Move(file + ".draft", file, overwrite: true);
    }
}
