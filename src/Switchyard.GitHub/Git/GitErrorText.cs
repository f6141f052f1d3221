using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Switchyard.GitHub.Git;

/// <summary>Reads what git says on standard error: progress while it runs, the reason when it failed.</summary>
internal static partial class GitErrorText
{
    private const int KeptCharacters = 8 * 1024;
    private const int LongestLine = 2 * 1024;

    private static readonly (GitErrorKind Kind, string[] Signs)[] Classes =
    [
        // What looks like damage and is a full disk must not cost the mirror.
        (GitErrorKind.Unexpected, ["No space left on device", "Disk quota exceeded", "Too many open files", "Permission denied"]),
        (GitErrorKind.GitMissing, ["unknown option `batch-command"]),
        (GitErrorKind.AuthenticationFailed, ["could not read Username", "could not read Password", "Authentication failed", "returned error: 401", "returned error: 403", "terminal prompts disabled"]),
        (GitErrorKind.RepositoryNotFound, ["Repository not found", "returned error: 404", "' not found", "returned error: 410"]),
        (GitErrorKind.RepositoryMoved, ["returned error: 301", "returned error: 302", "returned error: 307", "returned error: 308", "unable to update url base from redirection"]),
        (GitErrorKind.RefNotFound, ["couldn't find remote ref", "Needed a single revision", "unknown revision or path", "bad revision", "Not a valid object name", "not a tree object", "ambiguous argument"]),
        (GitErrorKind.Timeout, ["Operation too slow", "Operation timed out", "Connection timed out", "timed out after"]),
        (GitErrorKind.Network, ["Could not resolve", "Failed to connect", "Couldn't connect", "Connection refused", "Connection reset", "Empty reply from server", "SSL_", "SSL certificate", "SSL connect", "TLS connect", "gnutls_", "early EOF", "hung up unexpectedly", "unexpected disconnect", "Recv failure", "Send failure", "returned error: 5", "returned error: 429", "transfer closed", "RPC failed", "expected flush", "expected packfile", "bad line length", "invalid server response", "protocol error", "Broken pipe"]),
        (GitErrorKind.Corrupt, ["not a git repository", "corrupt", "bad object", "is empty", "unable to read tree", "bad tree object", "missing blob", "missing tree", "missing commit", "Could not read ", "invalid object", "invalid sha1 pointer", "did not send all necessary objects", "bad config", "inflate:", "packfile", "pack-objects died", "unresolved delta", "loose object", "Failed to traverse parents", "revision walk setup failed", "unable to parse", "unable to read", "dubious ownership", "broken ref", "bad ref", "unexpected line in"]),
    ];

    public static async Task<string> DrainAsync(Stream stream, IProgress<GitProgress>? progress)
    {
        var kept = new Queue<string>();
        var keptLength = 0;
        var line = new StringBuilder();
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, bufferSize: 1024);
        var buffer = new char[1024];
        while (await ReadAsync(reader, buffer) is var count and > 0)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character is not ('\r' or '\n'))
                {
                    if (line.Length < LongestLine)
                    {
                        line.Append(character);
                    }

                    continue;
                }

                Keep();
            }
        }

        Keep();
        return string.Join('\n', kept);

        void Keep()
        {
            var text = line.ToString().Trim();
            line.Clear();
            if (text.Length == 0 || ReportedAsProgress(text, progress))
            {
                return;
            }

            kept.Enqueue(text);
            for (keptLength += text.Length; keptLength > KeptCharacters; keptLength -= kept.Dequeue().Length)
            {
            }
        }
    }

    public static GitException ToException(string doing, int exitCode, string text)
    {
        if (SignalOf(exitCode, text) is { } signal)
        {
            return new GitException(
                GitErrorKind.Killed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Could not {doing}: git was ended by signal {signal}{(signal == 9 ? " (often because the machine ran out of memory)" : "")}. {NextStep(GitErrorKind.Killed)}"));
        }

        var kind = Classify(text);
        var said = Shorten(text);
        var why = said.Length > 0 ? $"git said \"{said}\"" : $"git ended with exit code {exitCode.ToString(CultureInfo.InvariantCulture)} and said nothing";
        return new GitException(kind, $"Could not {doing}: {why}. {NextStep(kind)}") { Status = StatusIn(text) };
    }

    internal static GitErrorKind Classify(string text)
    {
        foreach (var (kind, signs) in Classes)
        {
            if (signs.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            {
                return kind;
            }
        }

        return GitErrorKind.Unexpected;
    }

    private static string NextStep(GitErrorKind kind) => kind switch
    {
        GitErrorKind.AuthenticationFailed => "Check that the App is installed on this repository and that its token has Contents: read.",
        GitErrorKind.RepositoryNotFound => "Check the name, and that the App (or token) has access to this repository: GitHub answers the same for both.",
        GitErrorKind.RepositoryMoved => "Look up the repository's new name.",
        GitErrorKind.RefNotFound => "Check the name of the branch, tag or commit.",
        GitErrorKind.Timeout => "Try again later, or allow more time.",
        GitErrorKind.Network => "Check the network and the state of the host; it is safe to try again.",
        GitErrorKind.Corrupt => "The mirror is only a cache: the next fetch makes it anew.",
        GitErrorKind.Killed => "It is safe to try again; where it comes back, give the machine more memory or look who ends processes.",
        GitErrorKind.GitMissing => "Install git 2.36 or newer.",
        _ => "Run the same command again with `switchyard doctor` beside it, and report what git said.",
    };

    /// <summary>
    /// The signal that ended git or a process of its own. A shell's way to say it is 128 + signal; git itself says 128 for
    /// what is fatal, 129 for wrong usage (with a text), and of its children "died of signal".
    /// </summary>
    private static int? SignalOf(int exitCode, string text) =>
        DiedOfSignal().Match(text) is { Success: true } match ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture)
        : exitCode is > 129 and <= 128 + 64 || (exitCode == 129 && text.Length == 0) ? exitCode - 128
        : null;

    /// <summary>The lines that say why, without the hints and the server's "remote:" greetings around them.</summary>
    private static string Shorten(string text)
    {
        var lines = text.Split('\n');
        var telling = lines.Where(line => line.StartsWith("fatal:", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal) || line.StartsWith("remote: ", StringComparison.Ordinal)).ToArray();
        var said = string.Join("; ", (telling.Length > 0 ? telling : lines).TakeLast(4));
        return said.Length <= 600 ? said : said[..600] + "...";
    }

    private static int? StatusIn(string text) =>
        Status().Match(text) is { Success: true } match ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) : null;

    private static bool ReportedAsProgress(string text, IProgress<GitProgress>? progress)
    {
        var match = Progress().Match(text);
        if (!match.Success)
        {
            return false;
        }

        if (progress is not null && long.TryParse(match.Groups["done"].ValueSpan, CultureInfo.InvariantCulture, out var done))
        {
            long? total = long.TryParse(match.Groups["total"].ValueSpan, CultureInfo.InvariantCulture, out var all) ? all : null;
            progress.Report(new GitProgress(match.Groups["phase"].Value, done, total, BytesOf(match)));
        }

        return true;
    }

    private static long? BytesOf(Match match)
    {
        if (!double.TryParse(match.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture, out var amount))
        {
            return null;
        }

        var factor = match.Groups["unit"].Value switch { "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 1 };
        return (long)(amount * factor);
    }

    private static async ValueTask<int> ReadAsync(StreamReader reader, char[] buffer)
    {
        try
        {
            return await reader.ReadAsync(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // "remote: Counting objects:  45% (450/1000)", "Receiving objects: 100% (12/12), 1.20 MiB | 2.00 MiB/s, done."
    [GeneratedRegex(@"^(?:remote: )?(?<phase>[A-Z][A-Za-z ]+):\s+(?:\d+% \((?<done>\d+)/(?<total>\d+)\)|(?<done>\d+))(?:, (?<bytes>[\d.]+) (?<unit>bytes|KiB|MiB|GiB))?[^""]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Progress();

    // What the other side says of its own processes ("remote: ...") is its trouble.
    [GeneratedRegex(@"(?<=^(?!remote:).*died of signal )\d{1,2}", RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex DiedOfSignal();

    [GeneratedRegex(@"(?<=returned error: )\d{3}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Status();
}
