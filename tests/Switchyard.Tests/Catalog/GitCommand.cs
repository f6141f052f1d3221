using System.Diagnostics;

namespace Switchyard.Tests.Catalog;

/// <summary>Runs real git for fixtures and oracles.</summary>
internal static class GitCommand
{
    public static byte[] Run(string folder, byte[]? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            git.StandardInput.BaseStream.Write(input ?? []);
            git.StandardInput.Close();
        });
        var output = new MemoryStream();
        git.StandardOutput.BaseStream.CopyTo(output);
        git.WaitForExit();
        writing.Wait();
        return git.ExitCode is 0 or 1 ? output.ToArray() : throw new InvalidOperationException($"git {arguments[0]}: {errors.Result}");
    }

    public static string Text(string folder, params string[] arguments) =>
        System.Text.Encoding.UTF8.GetString(Run(folder, null, arguments));
}
