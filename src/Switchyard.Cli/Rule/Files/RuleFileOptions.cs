using System.CommandLine;
using System.Text;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>A file of rules, and whose it would be: said, or guessed from where it lies.</summary>
internal sealed class RuleFileOptions
{
    private readonly Argument<string> file = new("file") { Description = "The file of rules; - is standard input" };
    private readonly Option<string?> source = new("--source") { Description = "Judge it as .github/switchyard.yml of this repository", HelpName = "OWNER/REPO" };
    private readonly Option<string?> central = new("--central") { Description = "Judge it as switchyard.yml in the .github repository of this account", HelpName = "OWNER" };
    private readonly Option<bool> local = new("--local") { Description = "Judge it as local rules of the server" };
    private readonly Option<string?> name = new("--name") { Description = $"With --local: which of them it would replace (default {RulePlace.LocalName})", HelpName = "NAME" };
    private readonly Option<string?> provider = new("--provider") { Description = "Whose repositories they are about, where there are several: its slug", HelpName = "P" };

    public void AddTo(Command command)
    {
        command.Add(file);
        command.Add(source);
        command.Add(central);
        command.Add(local);
        command.Add(name);
        command.Add(provider);
        command.Validators.Add(result =>
        {
            if (new Option[] { source, central, local }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("Only one of --source, --central and --local can be given");
            }

            if (result.GetValue(name) is not null && !result.GetValue(local))
            {
                result.AddError("--name goes with --local");
            }
        });
    }

    public string? Provider(Invocation run) => run.Get(provider);

    /// <summary>What the person called it.</summary>
    public string Name(Invocation run) => run.Get(file) is "-" ? "stdin" : run.Get(file)!;

    public Task<string> ReadAsync(Invocation run, CancellationToken cancellation) => ReadAsync(run, run.Get(file)!, cancellation);

    public static async Task<string> ReadAsync(Invocation run, string file, CancellationToken cancellation)
    {
        if (file == "-")
        {
            return await run.Terminal.In.ReadToEndAsync(cancellation);
        }

        var path = run.PathOf(file);
        if (Directory.Exists(path) || !File.Exists(path))
        {
            throw CommandProblem.NotFound($"{path} {(Directory.Exists(path) ? "is a folder" : "does not exist")}.", new NextStep("Write a first file of rules", Command: "switchyard rule init"));
        }

        return new FileInfo(path).Length <= RuleFile.MaxBytes
            ? await File.ReadAllTextAsync(path, Encoding.UTF8, cancellation)
            : throw CommandProblem.Usage($"{path} is larger than the {RuleFile.MaxBytes:N0} bytes that a file of rules may have.");
    }

    public async Task<RulePlace> PlaceAsync(Invocation run, CancellationToken cancellation)
    {
        if (run.Get(source) is { } repository)
        {
            var (owner, name) = GitHubAccess.Split(repository);
            return new RulePlace(RuleFileKind.Repository, $"{owner}/{name}");
        }

        if (run.Get(central) is { } account)
        {
            // acme and acme/.github are both understood.
            return new RulePlace(RuleFileKind.Central, string.Join('/', GitHubAccess.Split(account.Contains('/', StringComparison.Ordinal) ? account : account + "/.github").Owner, ".github"));
        }

        return run.Get(local) || run.Get(file) == "-" ? RulePlace.Local(run.Get(name)) : await GuessAsync(run.PathOf(run.Get(file)!), cancellation);
    }

    /// <summary>By the path within its clone, and the clone's remote; whatever lies elsewhere is local.</summary>
    public static async Task<RulePlace> GuessAsync(string path, CancellationToken cancellation)
    {
        if (await GitPlace.FindAsync(Path.GetDirectoryName(path)!, cancellation) is not { FullName: { } fullName } place)
        {
            return RulePlace.Local();
        }

        return Path.GetRelativePath(RealPath(place.Root), RealPath(path)).Replace('\\', '/') switch
        {
            "switchyard.yml" when place.Name == ".github" => new RulePlace(RuleFileKind.Central, fullName),
            ".github/switchyard.yml" => new RulePlace(RuleFileKind.Repository, fullName),
            _ => RulePlace.Local(),
        };
    }

    // git follows links in the path to its clone; a folder for temporary files is often one.
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var real = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return new DirectoryInfo(real) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real : real;
    }
}
