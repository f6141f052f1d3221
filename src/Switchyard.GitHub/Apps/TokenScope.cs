using System.Globalization;
using System.Text.Json;

namespace Switchyard.GitHub.Apps;

/// <summary>
/// What an installation token may do: repositories by id or by name (at most 500), and permissions (<c>contents: read</c>).
/// Null means all that the installation has. Equal by content, whatever the order.
/// </summary>
public sealed class TokenScope : IEquatable<TokenScope>
{
    private readonly long[]? ids;
    private readonly string[]? names;

    // Name, level, name, level: a pair of strings has no equality of its own and would be boxed to be compared.
    private readonly string[]? permissions;
    private readonly int hash;

    /// <exception cref="ArgumentException">Both ids and names, or more than 500.</exception>
    public TokenScope(IReadOnlyList<long>? repositoryIds, IReadOnlyList<string>? repositoryNames, IReadOnlyDictionary<string, string>? permissions)
    {
        if (repositoryIds is not null && repositoryNames is not null)
        {
            throw new ArgumentException("A token is narrowed to repositories by id or by name, not both.", nameof(repositoryNames));
        }

        const int Most = 500;
        if (repositoryIds?.Count > Most || repositoryNames?.Count > Most)
        {
            throw new ArgumentException($"GitHub narrows a token to at most {Most} repositories.", nameof(repositoryIds));
        }

        ids = repositoryIds?.Distinct().Order().ToArray();
        names = repositoryNames?.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        this.permissions = permissions?.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value }).ToArray();
        var code = default(HashCode);
        code.Add(ids?.Length ?? -1);
        Array.ForEach(ids ?? [], code.Add);
        code.Add(names?.Length ?? -1);
        Array.ForEach(names ?? [], code.Add);
        code.Add(this.permissions?.Length ?? -1);
        Array.ForEach(this.permissions ?? [], code.Add);

        hash = code.ToHashCode();
    }

    /// <summary>Everything the installation has.</summary>
    public static TokenScope All { get; } = new(null, null, null);

    public IReadOnlyList<long>? RepositoryIds => ids;

    public IReadOnlyList<string>? RepositoryNames => names;

    public IReadOnlyDictionary<string, string>? Permissions => permissions?.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public static bool operator ==(TokenScope? left, TokenScope? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(TokenScope? left, TokenScope? right) => !(left == right);

    /// <summary>Reading one repository: what a mirror needs and no more.</summary>
    public static TokenScope Read(long repositoryId) =>
        new([repositoryId], null, new Dictionary<string, string>(StringComparer.Ordinal) { ["contents"] = "read", ["metadata"] = "read" });

    public bool Equals(TokenScope? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && hash == other.hash
            && Same(ids, other.ids)
            && Same(names, other.names)
            && Same(permissions, other.permissions));

    public override bool Equals(object? obj) => Equals(obj as TokenScope);

    public override int GetHashCode() => hash;

    /// <summary>For people: <c>repositories 1, 2; contents: read</c>.</summary>
    public override string ToString()
    {
        var repositories = ids is not null ? "repositories " + string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))
            : names is not null ? "repositories " + string.Join(", ", names)
            : "all repositories";
        return permissions is null ? repositories + "; all permissions" : $"{repositories}; {string.Join(", ", permissions.Chunk(2).Select(pair => $"{pair[0]}: {pair[1]}"))}";
    }

    /// <summary>The body of the request for a token; none when nothing is narrowed.</summary>
    internal byte[]? ToRequest()
    {
        if (ids is null && names is null && permissions is null)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (ids is not null)
            {
                json.WriteStartArray("repository_ids");
                Array.ForEach(ids, json.WriteNumberValue);
                json.WriteEndArray();
            }

            if (names is not null)
            {
                json.WriteStartArray("repositories");
                Array.ForEach(names, json.WriteStringValue);
                json.WriteEndArray();
            }

            if (permissions is not null)
            {
                json.WriteStartObject("permissions");
                foreach (var pair in permissions.Chunk(2))
                {
                    json.WriteString(pair[0], pair[1]);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool Same<T>(T[]? left, T[]? right) =>
        left is null || right is null ? left is null && right is null : left.AsSpan().SequenceEqual(right);
}
