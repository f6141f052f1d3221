using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Secret;

/// <summary>Writes a secret of Actions. The value comes from standard input or is asked for; it is sealed here, and never printed.</summary>
internal sealed class SecretSetCommand : Command
{
    private readonly Argument<string> name = new("name") { Description = "The name that workflows use: letters, digits, underscores" };
    private readonly Option<string?> visibility = WordOption.Create("--visibility", ["all", "private", "selected"], "Which repositories of the organization may use it (default private): ");
    private readonly Option<string[]> repositories = new("--repos") { Description = "With --visibility selected: these repositories of the organization; may be repeated, or have commas", HelpName = "NAMES" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be written, and write nothing" };
    private readonly SecretTarget target = new();

    public SecretSetCommand(Shell shell)
        : base("set", "Write a secret of Actions; the value is read from standard input or asked for")
    {
        Add(name);
        target.AddTo(this);
        Add(visibility);
        Add(repositories);
        Add(dryRun);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var secret = run.Get(name)!;
        var word = VisibilityWord(run);
        JsonObject Json(string place, bool done, bool? created) => new() { ["name"] = secret, ["place"] = place, ["visibility"] = word, ["created"] = created, ["done"] = done };
        if (run.Get(dryRun))
        {
            run.Printer.Result(Json(target.Describe(run), done: false, null), $"Would write {secret} of {target.Describe(run)}{(word is null ? "" : $", visible to {word}")}.");
            return ExitCode.Ok;
        }

        using var access = await target.OpenAsync(run, cancellation);
        var (api, place) = await target.ResolveAsync(run, access, "write", cancellation);
        var seen = word is null ? null : await VisibilityAsync(run, access, word, cancellation);

        // Last of all: nobody types a value that cannot be written anyway.
        var value = await SecretInput.ValueAsync(run, secret, cancellation);
        SecretWrite written;
        try
        {
            written = await api.SetAsync(place, secret, value, seen, cancellation);
        }
        catch (ArgumentException wrong)
        {
            throw CommandProblem.Usage(wrong.Message.Split(" (Parameter '")[0]);
        }
        catch (PlatformNotSupportedException missing)
        {
            throw new CommandProblem(ExitCode.Failure, "LibsodiumMissing", missing.Message);
        }

        run.Printer.Result(Json(place.ToString(), done: true, written == SecretWrite.Created), $"{(written == SecretWrite.Created ? "Created" : "Replaced")} {secret} of {place}.");
        return ExitCode.Ok;
    }

    private string? VisibilityWord(Invocation run)
    {
        var names = run.Get(repositories) is { Length: > 0 };
        if (!target.IsOrganization(run))
        {
            return run.Get(visibility) is null && !names ? null : throw CommandProblem.Usage("--visibility and --repos go with --org alone.");
        }

        var word = run.Get(visibility)?.ToLowerInvariant() ?? (names ? "selected" : "private");
        return word == "selected" == names ? word
            : throw CommandProblem.Usage(names ? "--repos goes with --visibility selected alone." : "--visibility selected needs the repositories: --repos NAME,NAME.");
    }

    private async Task<SecretVisibility> VisibilityAsync(Invocation run, GitHubAccess access, string word, CancellationToken cancellation)
    {
        if (word != "selected")
        {
            return word == "all" ? SecretVisibility.All : SecretVisibility.Private;
        }

        var owner = target.Describe(run)["organization ".Length..];
        var ids = new List<long>();
        foreach (var text in run.Get(repositories)!.SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var (of, repository) = GitHubAccess.Split(text.Contains('/', StringComparison.Ordinal) ? text : $"{owner}/{text}");
            ids.Add((await access.FindAsync(of, repository, cancellation)).Repository.Id);
        }

        return SecretVisibility.Selected(ids);
    }
}
