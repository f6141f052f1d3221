using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>A folder of one test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("switchyard-cli-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
            return;
        }

        Assert.Skip("File modes are those of Unix.");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
