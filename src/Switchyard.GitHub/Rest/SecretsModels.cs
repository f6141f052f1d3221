using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>Where a secret of Actions lives: a repository, an environment of one, or an organization.</summary>
public sealed record SecretPlace
{
    private readonly string permission;

    private SecretPlace(string path, string name, string permission, bool isOrganization) => (Path, Name, this.permission, IsOrganization) = (path, name, permission, isOrganization);

    public bool IsOrganization { get; }

    internal string Path { get; }

    private string Name { get; }

    public static SecretPlace Repository(string owner, string repository) =>
        new($"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/actions/secrets", $"{owner}/{repository}", "secrets", false);

    public static SecretPlace Environment(string owner, string repository, string environment) =>
        new($"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/environments/{ApiCaller.Segment(environment)}/secrets", $"environment {environment} of {owner}/{repository}", "environments", false);

    public static SecretPlace Organization(string organization) =>
        new($"orgs/{ApiCaller.Segment(organization)}/actions/secrets", $"organization {organization}", "organization_secrets", true);

    public override string ToString() => Name;

    internal string Needs(string level) => $"{permission}={level}";
}

/// <summary>Which repositories of an organization may use its secret.</summary>
/// <param name="Word"><c>all</c>, <c>private</c> or <c>selected</c>.</param>
/// <param name="RepositoryIds">With <c>selected</c>: those.</param>
public sealed record SecretVisibility(string Word, IReadOnlyList<long> RepositoryIds)
{
    public static SecretVisibility All { get; } = new("all", []);

    /// <summary>Private and internal repositories.</summary>
    public static SecretVisibility Private { get; } = new("private", []);

    public static SecretVisibility Selected(IReadOnlyList<long> repositoryIds) => new("selected", repositoryIds);

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("visibility", Word);
        if (Word == "selected")
        {
            json.WriteStartArray("selected_repository_ids");
            foreach (var id in RepositoryIds)
            {
                json.WriteNumberValue(id);
            }

            json.WriteEndArray();
        }
    }
}

/// <summary>A secret as GitHub lists it: never its value. <c>Visibility</c> only of an organization's.</summary>
public sealed record GitHubSecret(string Name, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, string? Visibility);

/// <summary>What writing a secret did.</summary>
public enum SecretWrite
{
    /// <summary>There was none of that name.</summary>
    Created,

    /// <summary>It took the place of the one before.</summary>
    Updated,
}
