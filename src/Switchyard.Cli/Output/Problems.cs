using Switchyard.GitHub;
using Switchyard.GitHub.Git;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Output;

/// <summary>Gives each kind of failure its exit code. The texts come from where it happened.</summary>
internal static class Problems
{
    public static CommandProblem Explain(Exception error, CancellationToken cancellation) => error switch
    {
        CommandProblem problem => problem,
        OperationCanceledException when cancellation.IsCancellationRequested => new CommandProblem(ExitCode.Usage, "Cancelled", "Cancelled."),
        DataFolderInUseException inUse => new CommandProblem(ExitCode.Conflict, "DataFolderInUse", inUse.Message),
        GitException git => new CommandProblem(CodeOf(git.Kind), git.Kind.ToString(), git.Message),
        GitHubException github => new CommandProblem(CodeOf(github.Kind), github.Kind.ToString(), github.Message),
        HttpRequestException or TimeoutException => new CommandProblem(ExitCode.OtherSideFailed, "Network", error.Message),
        // The framework adds the name of a parameter, which says nothing to who called a command.
        ArgumentException argument => new CommandProblem(ExitCode.Failure, "Failed", argument.Message.Split(" (Parameter '")[0]),
        UnauthorizedAccessException or IOException or FormatException or InvalidOperationException =>
            new CommandProblem(ExitCode.Failure, "Failed", error.Message),
        _ => new CommandProblem(
            ExitCode.Failure,
            "Unexpected",
            $"{error.GetType().Name}: {error.Message} This was not expected; what follows says where it happened.{Environment.NewLine}{error.StackTrace}"),
    };

    private static int CodeOf(GitErrorKind kind) => kind switch
    {
        GitErrorKind.AuthenticationFailed => ExitCode.Authentication,
        GitErrorKind.RepositoryNotFound or GitErrorKind.RefNotFound or GitErrorKind.RepositoryMoved => ExitCode.NotFound,
        GitErrorKind.Network or GitErrorKind.Timeout or GitErrorKind.Killed => ExitCode.OtherSideFailed,
        _ => ExitCode.Failure,
    };

    private static int CodeOf(GitHubErrorKind kind) => kind switch
    {
        GitHubErrorKind.Unauthorized or GitHubErrorKind.PermissionMissing or GitHubErrorKind.Suspended or GitHubErrorKind.NotGranted => ExitCode.Authentication,
        GitHubErrorKind.NotFound or GitHubErrorKind.InstallationGone => ExitCode.NotFound,
        GitHubErrorKind.Archived or GitHubErrorKind.EmptyRepository => ExitCode.Conflict,
        GitHubErrorKind.RateLimited or GitHubErrorKind.Server or GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Protocol => ExitCode.OtherSideFailed,
        _ => ExitCode.Failure,
    };
}
