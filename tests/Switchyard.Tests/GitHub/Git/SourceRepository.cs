using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Switchyard.Tests.GitHub.Git;

/// <summary>A bare repository made with real git, commit by commit, with any file name and any date.</summary>
internal sealed class SourceRepository
{
    private long clock = 1_790_000_000;

    public SourceRepository(string folder)
    {
        Folder = folder;
        Git(["init", "--quiet", "--bare", "--initial-branch=main", folder]);
        Git(["config", "uploadpack.allowFilter", "true"]);
        Git(["config", "http.receivepack", "true"]);
    }

    public string Folder { get; }

    /// <summary>Makes a commit on a branch; a null content removes the file. Gives its SHA.</summary>
    public string Commit(string branch, string message, IReadOnlyDictionary<string, byte[]?> files, string? merge = null, bool restart = false, string author = "Ann Ämble")
    {
        using var input = new MemoryStream();
        void Line(string text) => input.Write(Encoding.UTF8.GetBytes(text + "\n"));
        void Data(byte[] bytes)
        {
            Line("data " + bytes.Length.ToString(CultureInfo.InvariantCulture));
            input.Write(bytes);
            Line("");
        }

        var moment = (clock += 60).ToString(CultureInfo.InvariantCulture);
        Line($"commit refs/heads/{branch}");
        Line($"author {author} <ann@acme.test> {moment} +0200");
        Line($"committer Bob <bob@acme.test> {moment} +0000");
        Data(Encoding.UTF8.GetBytes(message));
        if (!restart && Sha(branch) is { } parent)
        {
            Line($"from {parent}");
        }

        if (merge is not null)
        {
            Line($"merge {merge}");
        }

        foreach (var (path, content) in files)
        {
            if (content is null)
            {
                Line($"D {Quote(path)}");
                continue;
            }

            Line($"M 100644 inline {Quote(path)}");
            Data(content);
        }

        Line("");
        Git(["fast-import", "--quiet", "--force"], input.ToArray());
        return Sha(branch)!;
    }

    public string Commit(string branch, string path, string content) =>
        Commit(branch, "Change " + path, new Dictionary<string, byte[]?> { [path] = Encoding.UTF8.GetBytes(content) });

    public string? Sha(string rev)
    {
        var (code, output) = Run(["rev-parse", "--verify", "--quiet", rev], null);
        return code == 0 ? output.Trim() : null;
    }

    public string Git(IReadOnlyList<string> arguments, byte[]? input = null)
    {
        var (code, output) = Run(arguments, input);
        return code == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    private static string Quote(string path)
    {
        var quoted = new StringBuilder("\"");
        foreach (var octet in Encoding.UTF8.GetBytes(path))
        {
            quoted.Append('\\').Append(Convert.ToString(octet, 8).PadLeft(3, '0'));
        }

        return quoted.Append('"').ToString();
    }

    private (int Code, string Output) Run(IReadOnlyList<string> arguments, byte[]? input)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_DIR"] = Folder;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
        }

        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output.Result : output.Result + errors.Result);
    }
}
