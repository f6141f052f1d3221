using System.CommandLine;

namespace Switchyard.Cli.Repo;

internal sealed class RepoCommand : Command
{
    public RepoCommand(Shell shell)
        : base("repo", "The repositories that are mirrored")
    {
        Add(new RepoListCommand(shell));
        Add(new RepoViewCommand(shell));
        Add(new RepoLinkCommand(shell));
        Add(new RepoUnlinkCommand(shell));
        Add(new RepoSyncCommand(shell));
        Add(new RepoSyncsCommand(shell));
        Add(new RepoActionCommand(shell, "cancel", "Cancel the Sync that is queued or running", "cancelled"));
        Add(new RepoActionCommand(shell, "suspend", "Stop automatic Syncs; nothing is deleted", "suspended"));
        Add(new RepoActionCommand(shell, "resume", "Start automatic Syncs again and synchronize", "resumed"));
        Add(new RepoBulkCommand(shell));
        Add(new RepoSublistCommand(shell, "problems", "What is wrong with a repository and its models", RepoColumns.Problems));
        Add(new RepoSublistCommand(shell, "ignored", "How many files each pattern of the ignore file leaves out", RepoColumns.Ignored));
    }
}
