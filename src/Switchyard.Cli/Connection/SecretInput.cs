using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>Secrets come from a file or standard input (<c>-</c>), never from an argument: arguments are seen by every user of the machine.</summary>
internal static class SecretInput
{
    private const int Largest = 64 * 1024;

    /// <summary>The text of the file without the line end behind it; null where no file was named.</summary>
    public static async Task<string?> ReadAsync(Invocation run, string? file, string option, CancellationToken cancellation)
    {
        if (file is null)
        {
            return null;
        }

        if (file.Contains("-----BEGIN", StringComparison.Ordinal) || file.StartsWith("gh", StringComparison.Ordinal) && file.Length > 36 && !File.Exists(run.PathOf(file)))
        {
            throw CommandProblem.Usage($"{option} takes the name of a file, or - for standard input, not the secret itself: arguments can be seen by others and stay in the shell's history. Consider this one known, and make a new one.");
        }

        string text;
        if (file == "-")
        {
            text = await run.Terminal.In.ReadToEndAsync(cancellation);
        }
        else
        {
            var path = run.PathOf(file);
            if (!File.Exists(path))
            {
                throw CommandProblem.Usage($"{option} names {path}, which does not exist.");
            }

            if (new FileInfo(path).Length > Largest)
            {
                throw CommandProblem.Usage($"{option} names {path}, which is too large to be a secret.");
            }

            text = await File.ReadAllTextAsync(path, cancellation);
        }

        text = text.TrimEnd('\r', '\n');
        return text.Length > 0 ? text : throw CommandProblem.Usage($"{option}: nothing was read from {(file == "-" ? "standard input" : file)}.");
    }

    /// <summary>A value as UTF-8 without the line end behind it: asked for on a terminal, unseen; otherwise the whole of standard input. The caller wipes it.</summary>
    public static async Task<byte[]> ValueAsync(Invocation run, string name, CancellationToken cancellation)
    {
        string? text;
        if (run.Terminal is { InIsTty: true, ReadHidden: { } read })
        {
            run.Terminal.Error.Write(Printable.Line($"Value of {name} (it is not shown): "));
            run.Terminal.Error.Flush();
            text = read();
            run.Terminal.Error.WriteLine();
        }
        else
        {
            text = await run.Terminal.In.ReadToEndAsync(cancellation);
        }

        text = text?.TrimEnd('\r', '\n');
        return string.IsNullOrEmpty(text) ? throw CommandProblem.Usage($"There is no value for {name}: nothing was written. Pipe it in, or type it when it is asked for.") : System.Text.Encoding.UTF8.GetBytes(text);
    }
}
