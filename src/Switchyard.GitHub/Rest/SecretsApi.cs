using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Switchyard.GitHub.Rest;

/// <summary>Secrets of Actions. GitHub never gives one back.</summary>
public sealed class SecretsApi
{
    private readonly ApiCaller caller;

    internal SecretsApi(ApiCaller caller) => this.caller = caller;

    /// <summary>The names, not the values.</summary>
    public async IAsyncEnumerable<GitHubSecret> ListAsync(SecretPlace place, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.Needing(place.Needs("read")).PagesAsync($"{place.Path}?{ApiCaller.PerPage}", $"list the secrets of {place}", GitHubJson.Default.SecretPage, cancellation))
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
    /// <exception cref="ArgumentException">A name that GitHub does not take, a value above 48 KB, or visibility in the wrong place.</exception>
    public async Task<SecretWrite> SetAsync(SecretPlace place, string name, byte[] value, SecretVisibility? visibility = null, CancellationToken cancellation = default)
    {
        try
        {
            SecretRules.Check(place, name, value, visibility);
            var key = await KeyAsync(place, cancellation);
            try
            {
                return await PutAsync(place, name, value, key, visibility, cancellation);
            }
            catch (GitHubException refused) when (refused.Status == 422)
            {
                // GitHub changes its keys now and then, and refuses a value sealed with the one before.
                var current = await KeyAsync(place, cancellation);
                if (current.KeyId == key.KeyId)
                {
                    throw;
                }

                return await PutAsync(place, name, value, current, visibility, cancellation);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>Removes a secret.</summary>
    /// <exception cref="GitHubException">NotFound when there is none.</exception>
    public Task RemoveAsync(SecretPlace place, string name, CancellationToken cancellation = default) =>
        caller.SendAsync(caller.Write(HttpMethod.Delete, $"{place.Path}/{ApiCaller.Segment(name)}", $"remove the secret {name} of {place}", place.Needs("write")), cancellation);

    private async Task<SecretKey> KeyAsync(SecretPlace place, CancellationToken cancellation)
    {
        var request = caller.Needing(place.Needs("write")).Request(HttpMethod.Get, $"{place.Path}/public-key", $"read the key that seals secrets of {place}");
        var key = GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.SecretKey);
        return key is { KeyId.Length: > 0, Key.Length: > 0 } ? key : throw ApiErrors.Odd(request, "the answer holds no key");
    }

    private async Task<SecretWrite> PutAsync(SecretPlace place, string name, byte[] value, SecretKey key, SecretVisibility? visibility, CancellationToken cancellation)
    {
        var sealedValue = SealedBox.Seal(Convert.FromBase64String(key.Key!), value);
        var body = JsonBody.Of(json =>
        {
            json.WriteBase64String("encrypted_value", sealedValue);
            json.WriteString("key_id", key.KeyId);
            visibility?.Write(json);
        });
        // Twice is once: the same name, the same value.
        var request = caller.Write(HttpMethod.Put, $"{place.Path}/{ApiCaller.Segment(name)}", $"write the secret {name} of {place}", place.Needs("write"), body) with { Repeatable = true };
        return (await caller.SendAsync(request, cancellation)).Status == 201 ? SecretWrite.Created : SecretWrite.Updated;
    }
}
