using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Secret;

/// <summary>Where a secret lives: <c>--repo OWNER/REPO [--env E]</c>, or <c>--org O</c>.</summary>
internal sealed class SecretTarget
{
    private readonly Option<string?> repository = new("--repo") { Description = "A secret of this repository, owner/name", HelpName = "OWNER/REPO" };
    private readonly Option<string?> environment = new("--env") { Description = "Of this environment of the repository", HelpName = "E" };
    private readonly Option<string?> organization = new("--org") { Description = "A secret of this organization", HelpName = "O" };
    private readonly GitHubOptions github = new();

    public void AddTo(Command command)
    {
        command.Add(repository);
        command.Add(environment);
        command.Add(organization);
        github.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(repository) is null == result.GetValue(organization) is null)
            {
                result.AddError("Say where the secret is: --repo OWNER/REPO, or --org O");
            }

            if (result.GetValue(environment) is not null && result.GetValue(repository) is null)
            {
                result.AddError("--env names an environment of a repository: add --repo OWNER/REPO");
            }
        });
    }

    public bool IsOrganization(Invocation run) => run.Get(organization) is not null;

    /// <summary>The place as it was named, before anybody is asked.</summary>
    public string Describe(Invocation run)
    {
        if (run.Get(organization) is { } org)
        {
            return $"organization {org}";
        }

        var (owner, name) = GitHubAccess.Split(run.Get(repository)!);
        return run.Get(environment) is { } inside ? $"environment {inside} of {owner}/{name}" : $"{owner}/{name}";
    }

    public Task<GitHubAccess> OpenAsync(Invocation run, CancellationToken cancellation) => github.OpenAsync(run, cancellation);

    public async Task<(SecretsApi Api, SecretPlace Place)> ResolveAsync(Invocation run, GitHubAccess access, string level, CancellationToken cancellation)
    {
        if (run.Get(organization) is { } org)
        {
            return (await OrganizationAsync(access, org, level, cancellation), SecretPlace.Organization(org));
        }

        var inside = run.Get(environment);
        var found = await access.OpenAsync(run, run.Get(repository)!, Permissions.Of((inside is null ? "secrets" : "environments", level)), cancellation);
        return (found.Api.Secrets, inside is null ? SecretPlace.Repository(found.Owner, found.Name) : SecretPlace.Environment(found.Owner, found.Name, inside));
    }

    private static async Task<SecretsApi> OrganizationAsync(GitHubAccess access, string organization, string level, CancellationToken cancellation) =>
        await access.InstallationOfAsync(organization, null, cancellation) is { } installation
            ? access.Connection.Installation(installation, new TokenScope(null, null, Permissions.Of(("organization_secrets", level)))).Secrets
            : access.Connection.Token().Secrets;
}
