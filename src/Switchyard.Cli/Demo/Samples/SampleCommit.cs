namespace Switchyard.Cli.Demo.Samples;

/// <summary>A commit of a sample repository: files written (text) or deleted (null).</summary>
internal sealed record SampleCommit(string Subject, IReadOnlyDictionary<string, string?> Files);

/// <summary>A sample repository with its history, oldest first.</summary>
internal sealed record SampleRepository(string FullName, IReadOnlyList<SampleCommit> History)
{
    public static SampleCommit Commit(string subject, params (string Path, string? Text)[] files) =>
        new(subject, files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal));
}
