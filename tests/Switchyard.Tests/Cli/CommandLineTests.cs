using System.CommandLine;
using Switchyard.Cli;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_command_option_and_argument_says_what_it_is_for()
    {
        Assert.Empty(Undescribed(Program.Commands(new Shell(AnyTerminal())), "switchyard"));
    }

    [Theory]
    [InlineData("repo", "lst")]
    [InlineData("repo", "sync")]
    [InlineData("repo", "sync", "acme/models", "--full", "--from", "abc")]
    [InlineData("repo", "list", "--limit", "0")]
    [InlineData("repo", "sync", "acme/models", "--timeout", "soon")]
    [InlineData("admin", "token", "create")]
    [InlineData("admin", "token", "create", "--name", "x", "--role", "king")]
    [InlineData("completion", "tcsh")]
    [InlineData("nothing")]
    [InlineData("rule", "check")]
    [InlineData("rule", "check", "rules.yml", "--central", "acme", "--source", "acme/the-tests")]
    [InlineData("rule", "check", "rules.yml", "--name", "mine")]
    [InlineData("rule", "explain", "d-12", "--signal", "3")]
    [InlineData("rule", "init", "--workflow", "a.yml", "--event-type", "b")]
    [InlineData("pending", "cancel")]
    public async Task A_wrong_command_line_ends_with_2_and_names_its_help(params string[] line)
    {
        var outcome = await new CommandRun().RunAsync(line);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Empty(outcome.Out);
        Assert.Contains("--help", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("repo list --status Sync", "Synced, OutOfSync or Unknown")]
    [InlineData("repo list --health good", "Healthy, Degraded, Missing, Suspended or Unknown")]
    [InlineData("repo syncs --state done", "Queued, Running, Succeeded, Failed or Cancelled")]
    [InlineData("delivery list --state gone", "Received, Handled, Failed or Dead")]
    [InlineData("signal list --kind star", "push, pull_request, tag, release, checks, model")]
    [InlineData("signal list --source hearsay", "Webhook, Poll, Sync, Schedule or User")]
    [InlineData("signal view abc", "\"abc\" is no id; `signal list` shows them")]
    [InlineData("model list --format excel", "hackolade, mlflow, onnx")]
    [InlineData("model list --state gone", "Active, Removed, Ignored or all")]
    [InlineData("model view nope", "owner/name/path/to/file")]
    [InlineData("model pull acme/models", "owner/name/path/to/file")]
    [InlineData("repo view nope", "owner/name, or its id")]
    [InlineData("api FETCH /x", "'GET' 'POST'")]
    [InlineData("rule list --kind mine", "Central, Repository or Local")]
    [InlineData("rule sources --state gone", "Loaded, Broken or Absent")]
    [InlineData("rule history nightly --result maybe", "Matched, NotMatched, Unknown or Suppressed")]
    [InlineData("rule explain somewhere", "owner/name@sha")]
    [InlineData("rule explain", "owner/name@sha")]
    [InlineData("rule explain acme/the-app@xyz", "owner/name@sha")]
    [InlineData("rule delete acme/the-tests --yes", "delete their file there and push")]
    [InlineData("pending list --state gone", "Quiet, Checks, Released, Cancelled, ChecksFailed or TimedOut")]
    [InlineData("pending now s-3", "`pending list` shows them")]
    [InlineData("rul", "Did you mean switchyard rule?")]
    [InlineData("rule chek rules.yml", "Did you mean switchyard rule check?")]
    [InlineData("repo list --stauts Synced", "Did you mean --status?")]
    [InlineData("repo list --sever http://x", "Did you mean --server?")]
    [InlineData("rule init", "--from, --to and --workflow (or --event-type) are missing")]
    [InlineData("admin target allow acme", "owner/name")]
    public async Task A_wrong_word_ends_with_2_and_the_words_that_are_right_before_a_server_is_asked(string line, string right)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(right, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("repo")]
    [InlineData("admin", "token")]
    [InlineData("help")]
    [InlineData("help", "repo", "sync")]
    [InlineData("repo", "sync", "--help")]
    public async Task Help_is_printed_for_a_noun_alone_and_when_it_is_asked_for(params string[] line)
    {
        var outcome = await new CommandRun().RunAsync(line);

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("Usage:", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_codes_are_listed_by_help()
    {
        var outcome = await new CommandRun().RunAsync("help", "exit-codes", "--json");

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], outcome.OutJson.AsArray().Select(code => code!["code"]!.ToString()));
    }

    [Fact]
    public async Task Variables_are_listed_by_help()
    {
        var outcome = await new CommandRun().RunAsync("help", "environment");

        Assert.Contains("SWITCHYARD_TOKEN\t", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        var outcome = await new CommandRun().RunAsync("version");

        Assert.StartsWith("switchyard 0.", outcome.Out, StringComparison.Ordinal);
        Assert.Single(outcome.Out.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete -c switchyard")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_scripts_are_printed(string shell, string sign)
    {
        Assert.Contains(sign, (await new CommandRun().RunAsync("completion", shell)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_are_suggested_for_the_scripts()
    {
        var outcome = await new CommandRun().RunAsync("[suggest:18]", "switchyard repo vi");

        Assert.Equal("view", outcome.Out.Trim());
    }

    [Fact]
    public async Task A_problem_is_JSON_on_standard_error_when_JSON_is_asked_for()
    {
        var outcome = await new CommandRun().RunAsync("repo", "view", "--json");

        Assert.Empty(outcome.Out);
        Assert.Equal("Usage", outcome.ErrorJson["code"]!.ToString());
        Assert.Equal("switchyard repo view --help", outcome.ErrorJson["next"]![0]!["command"]!.ToString());
    }

    private static IEnumerable<string> Undescribed(Command command, string path)
    {
        foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Arguments).Append(command).Where(symbol => !symbol.Hidden && string.IsNullOrWhiteSpace(symbol.Description)))
        {
            yield return path + ": " + symbol.Name;
        }

        foreach (var found in command.Subcommands.SelectMany(sub => Undescribed(sub, path + " " + sub.Name)))
        {
            yield return found;
        }
    }

    private static Terminal AnyTerminal() =>
        new() { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null, Environment = _ => null, Time = TimeProvider.System, Folder = Path.GetTempPath() };

    [Theory]
    [InlineData("delivery list --limit x", "--limit")]
    [InlineData("model list --limit 1.5", "--limit")]
    [InlineData("repo list --limit 0", "--limit")]
    [InlineData("admin token create --name q --days x", "--days is \"x\"; it must be a whole number from 1 to 3650")]
    [InlineData("admin token create --name q --days 3651", "--days")]
    [InlineData("demo --port x", "--port is \"x\"; it must be a whole number from 0 to 65535")]
    [InlineData("demo --simulator-port 65536", "--simulator-port is \"65536\"; it must be a whole number from 0 to 65535")]
    [InlineData("simulator --port -1", "--port")]
    [InlineData("demo --timeout 0", "--timeout is \"0\"; it must be a time of more than 0")]
    [InlineData("demo --timeout -5", "--timeout")]
    [InlineData("delivery replay --since soon", "--since")]
    [InlineData("provider add --app-id x --private-key k", "--app-id")]
    [InlineData("provider add --token-file f --app-id 3", "--token-file registers a token instead of an App, so --app-id does not go with it")]
    [InlineData("provider add --token-file f --private-key k --dry-run", "--private-key does not go with it")]
    [InlineData("token --app-id abc --private-key k", "--app-id is \"abc\"; it must be a whole number")]
    [InlineData("token --installation-id x", "--installation-id")]
    [InlineData("delivery view abc", "\"abc\" is no id; `delivery list` shows them")]
    [InlineData("delivery replay 1 abc", "\"abc\" is no id")]
    [InlineData("admin token revoke abc --yes", "`admin token list` shows them")]
    [InlineData("repo sync acme/models --from zzz", "--from is \"zzz\"; it must be a commit")]
    [InlineData("rule test rules.yml --since soon", "--since is \"soon\"; it must be a time ago")]
    [InlineData("rule explain --dispatch x", "--dispatch is \"x\"; it must be a whole number")]
    [InlineData("rule start nightly --timeout 0", "--timeout is \"0\"")]
    [InlineData("rule start nightly --input sha", "--input wants NAME=VALUE, not \"sha\"")]
    [InlineData("rule init --quiet-for soon", "--quiet-for is \"soon\"")]
    [InlineData("rule apply rules.yml --name a/b", "--name must be 1 to 100 characters without a slash")]
    public async Task A_value_of_another_form_is_refused_in_a_sentence(string line, string said)
    {
        var outcome = await new CommandRun().RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Nullable", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_search_for_is_refused_before_a_server_is_asked()
    {
        var outcome = await new CommandRun { ["SWITCHYARD_URL"] = "http://127.0.0.1:1" }.RunAsync("model", "search", " ");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("Say what to look for", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("repo list --json nope", "fullName")]
    [InlineData("model view 7 --json nope", "versionCount")]
    [InlineData("admin token list --json nope", "lastUsedAt")]
    [InlineData("rule list --json nope", "lastMatchedAt")]
    [InlineData("pending list --json nope", "dueAt")]
    [InlineData("admin target list --json nope", "createdBy")]
    public async Task A_field_that_is_none_is_told_with_those_there_are(string line, string field)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("no field \\\"nope\\\"", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(field, outcome.Error, StringComparison.Ordinal);
    }
}
