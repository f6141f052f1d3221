using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Run;

/// <summary>A run as people name it: the repository and the number in the run's address.</summary>
internal sealed class RunReference
{
    private readonly Argument<string> repository = new("repository") { Description = "owner/name of the repository" };
    private readonly Argument<string> id = new("id") { Description = "The id of the run: the number in its address" };
    private readonly GitHubOptions github = new();

    public void AddTo(Command command)
    {
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (!given.Value.All(char.IsAsciiDigit) || given.Value.Length is 0 or > 18))
            {
                result.AddError($"\"{given.Value}\" is no id of a run; it is the number in the run's address");
            }
        });
        command.Add(repository);
        command.Add(id);
        github.AddTo(command);
    }

    public long Id(Invocation run) => long.Parse(run.Get(id)!);

    public string Repository(Invocation run)
    {
        var (owner, name) = GitHubAccess.Split(run.Get(repository)!);
        return $"{owner}/{name}";
    }

    public async Task<(GitHubAccess Access, DirectRepository Repository)> OpenAsync(Invocation run, string level, CancellationToken cancellation)
    {
        var access = await github.OpenAsync(run, cancellation);
        try
        {
            return (access, await access.OpenAsync(run, run.Get(repository)!, Permissions.Of(("actions", level)), cancellation));
        }
        catch
        {
            access.Dispose();
            throw;
        }
    }
}
