using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Writes a first, commented file of rules from a few answers, which are asked for on a terminal where options do not give them.</summary>
internal sealed class RuleInitCommand : Command
{
    private readonly StarterQuestions questions = new();
    private readonly Option<string?> file = new("--file") { Description = "Where to write it (default: where it belongs in the clone of this folder, else switchyard.yml); - is standard output", HelpName = "PATH" };
    private readonly Option<bool> force = new("--force") { Description = "Replace the file if there is one" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print the file, and write nothing" };

    public RuleInitCommand(Shell shell)
        : base("init", "Write a first, commented file of rules from a few answers; asks for what is missing on a terminal")
    {
        questions.AddTo(this);
        Add(file);
        Add(force);
        Add(dryRun);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var git = await GitPlace.FindAsync(run.Terminal.Folder, cancellation);
        var answers = questions.Ask(run, git);
        var path = run.Get(file) ?? DefaultPath(run, git, answers.Target);
        var place = path == "-" || run.Get(dryRun) ? RulePlace.Local() : await RuleFileOptions.GuessAsync(run.PathOf(path), cancellation);
        var text = RuleStarter.Write(answers);
        var wrong = place.Judge(text).Problems.Where(problem => problem.Severity == RuleProblemSeverity.Error).Select(problem => $"{problem.Message} {problem.Suggestion}".TrimEnd()).ToList();
        if (wrong.Count > 0)
        {
            throw CommandProblem.Usage($"These answers make no good file, as {place}: {string.Join(" ", wrong)}");
        }

        if (path == "-" || run.Get(dryRun))
        {
            run.Printer.Result(new JsonObject { ["file"] = path, ["content"] = text, ["done"] = path == "-" }, text);
            return ExitCode.Ok;
        }

        var full = run.PathOf(path);
        await WriteAsync(full, text, run.Get(force), cancellation);
        run.Printer.Result(new JsonObject { ["file"] = full, ["kind"] = place.Kind.ToString(), ["source"] = place.Name, ["done"] = true }, full);
        run.Printer.Say(Next(run, place, path, answers.Target));
        return ExitCode.Ok;
    }

    /// <summary>A target's own rules belong into it, those of the account into its <c>.github</c>; elsewhere they are local ones.</summary>
    private static string DefaultPath(Invocation run, GitPlace? git, string target)
    {
        var path = git is null ? "switchyard.yml"
            : git.Name == ".github" ? Path.Combine(git.Root, "switchyard.yml")
            : git.FullName?.Equals(target, StringComparison.OrdinalIgnoreCase) == true ? Path.Combine(git.Root, ".github", "switchyard.yml")
            : "switchyard.yml";
        return Path.IsPathRooted(path) ? Path.GetRelativePath(run.Terminal.Folder, path) : path;
    }

    private static async Task WriteAsync(string path, string text, bool force, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            await using var stream = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        }
        catch (IOException) when (File.Exists(path) && !force)
        {
            throw new CommandProblem(ExitCode.Conflict, "FileExists", $"{path} exists already, and was not changed. Give another name by --file, or replace it with --force.");
        }
    }

    private static string Next(Invocation run, RulePlace place, string path, string target) => run.Terminal.AsCalled(place.Kind == RuleFileKind.Local
        ? $"Next: `switchyard rule test {path} --central {target.Split('/')[0]}` tries it on what has happened. Commit it as switchyard.yml to {target.Split('/')[0]}/.github, and it is in force. "
            + $"Or keep it in Switchyard: `switchyard rule apply {path}`, once an administrator has allowed the target: `switchyard admin target allow {target}`."
        : $"Next: `switchyard rule test {path}` tries it on what has happened. Commit it to the default branch of {place.Name}, and it is in force.");
}
