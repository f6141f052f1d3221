using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Secrets;

/// <summary>Where a secret is: in a repository, in an environment of one, or in an organisation.</summary>
internal sealed record SecretScope(string Kind, long Id, string Name, string? Environment = null)
{
    public static SecretScope Of(Repository repository, string? environment = null) =>
        new(environment is null ? "repository" : "environment", repository.Id, repository.FullName, environment);

    public static SecretScope Of(Account organization) => new("organization", organization.Id, organization.Login);

    /// <summary>Names may change, numbers do not.</summary>
    public (string Kind, long Id, string? Environment) Key => (Kind, Id, Environment?.ToUpperInvariant());
}

/// <summary>A secret with its plain value, which the REST API never tells.</summary>
internal sealed record Secret(string Name, byte[] Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public string? Visibility { get; init; }

    public IReadOnlyList<long> Repositories { get; init; } = [];

    public int Writes { get; init; } = 1;
}

/// <summary>The secrets of one scope, with the key pair they are sealed for.</summary>
internal sealed class SecretBox(SecretScope scope, string keyId)
{
    private readonly Lazy<(byte[] Public, byte[] Private)> keys = new(Sodium.KeyPair);

    public SecretScope Scope { get; } = scope;

    public string KeyId { get; } = keyId;

    public byte[] PublicKey => keys.Value.Public;

    public ConcurrentDictionary<string, Secret> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    public byte[]? Open(byte[] box) => Sodium.Open(box, keys.Value.Public, keys.Value.Private);
}

/// <summary>Secrets and variables of Actions.</summary>
internal sealed partial class SecretStore(World world)
{
    public const int MostBytes = 48 * 1024;
    private readonly ConcurrentDictionary<(string Kind, long Id, string? Environment), SecretBox> boxes = new();

    public ConcurrentDictionary<(long Repository, string Name), Variable> Variables { get; } = new();

    public IReadOnlyList<SecretBox> All => [.. boxes.Values.OrderBy(box => box.Scope.Name, StringComparer.Ordinal).ThenBy(box => box.Scope.Environment, StringComparer.Ordinal)];

    public SecretBox Of(SecretScope scope) => boxes.GetOrAdd(scope.Key, _ => new SecretBox(scope, world.NextId().ToString()));

    /// <summary>What is wrong with a name, in GitHub's words (docs: naming your secrets).</summary>
    public static string? WrongName(string name, string what) =>
        !Name().IsMatch(name) ? $"{what} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_)."
        : name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase) ? $"{what} names must not start with GITHUB_."
        : null;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

internal sealed record Variable(string Name, string Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
