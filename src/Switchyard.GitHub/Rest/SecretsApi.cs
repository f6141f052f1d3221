using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>Secrets of Actions. GitHub never gives one back.</summary>
public sealed class SecretsApi
{
    private readonly ApiCaller caller;

    internal SecretsApi(ApiCaller caller) => this.caller = caller;

    /// <summary>The names, not the values.</summary>
    public async IAsyncEnumerable<GitHubSecret> ListAsync(SecretPlace place, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync($"{place.Path}?{ApiCaller.PerPage}", $"list the secrets of {place}", GitHubJson.Default.SecretPage, cancellation))
        {
            foreach (var secret in page.Secrets)
            {
                yield return secret;
            }
        }
    }

    /// <summary>Writes a secret, sealed for GitHub alone.</summary>
    /// <param name="value">The plain bytes; they are zero afterwards.</param>
    /// <param name="visibility">Required for an organization's, null otherwise.</param>
    public Task<SecretWrite> SetAsync(SecretPlace place, string name, byte[] value, SecretVisibility? visibility = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>Removes a secret.</summary>
    /// <exception cref="GitHubException">NotFound when there is none.</exception>
    public Task RemoveAsync(SecretPlace place, string name, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));
}
