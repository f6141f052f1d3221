namespace Switchyard.Cli.Git;

/// <summary>What git asks a credential helper for: <c>key=value</c> lines on standard input (gitcredentials(7)).</summary>
internal sealed record CredentialRequest(string? Protocol, string? Host, string? Path)
{
    public static async Task<CredentialRequest> ReadAsync(TextReader input, CancellationToken cancellation)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await input.ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                values[line[..at]] = line[(at + 1)..];
            }
        }

        return new CredentialRequest(values.GetValueOrDefault("protocol"), values.GetValueOrDefault("host"), values.GetValueOrDefault("path"));
    }

    public bool IsFor(Uri web) =>
        string.Equals(Protocol, web.Scheme, StringComparison.OrdinalIgnoreCase) && string.Equals(Host, web.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary><c>owner/name.git</c>, which git sends only with <c>credential.useHttpPath</c>; also below the paths of Git LFS.</summary>
    public (string Owner, string Name)? Repository()
    {
        if (Path?.Trim('/').Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name, ..])
        {
            return null;
        }

        return (owner, name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name);
    }
}
