using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.About;

internal sealed class HelpCommand : Command
{
    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("SWITCHYARD_URL", "the server that commands speak to; default http://127.0.0.1:8080"),
        ("SWITCHYARD_TOKEN", "the API token for it"),
        ("SWITCHYARD_DATA", "the data folder of serve, doctor and admin token create; default ./data"),
        ("SWITCHYARD_APP_ID", "GitHub App for commands that need no server (token, clone, api, dispatch send, workflow, run, secret); or SWITCHYARD_CLIENT_ID"),
        ("SWITCHYARD_PRIVATE_KEY", "its private key (PEM); or SWITCHYARD_PRIVATE_KEY_FILE"),
        ("SWITCHYARD_INSTALLATION_ID", "the installation, where it is not to be looked up"),
        ("SWITCHYARD_API_URL", "REST address of a GitHub host; default https://api.github.com"),
        ("SWITCHYARD_WEB_URL", "its web address; default https://github.com"),
        ("SWITCHYARD_GITHUB_TOKEN", "a fine-grained token instead of an App; then GH_TOKEN, then GITHUB_TOKEN"),
        ("NO_COLOR", "no color"),
    ];

    public HelpCommand(Shell shell)
        : base("help", "Help about a command, the exit codes or the environment")
    {
        var topic = new Argument<string[]>("topic") { Description = "exit-codes, environment, or a command", Arity = ArgumentArity.ZeroOrMore };
        Add(topic);
        shell.Run(this, (run, _) =>
        {
            switch (run.Get(topic))
            {
                case ["exit-codes"]:
                    ShowExitCodes(run);
                    break;
                case ["environment"]:
                    Show(run, Variables.Select(variable => (variable.Name, variable.Meaning)), "name", "meaning");
                    break;
                case var words:
                    ShowCommand(run, words ?? []);
                    break;
            }

            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void ShowExitCodes(Invocation run) =>
        Show(run, ExitCode.All.Select(code => (code.Code.ToString(System.Globalization.CultureInfo.InvariantCulture), code.Meaning)), "code", "meaning");

    private static void Show(Invocation run, IEnumerable<(string Key, string Text)> lines, string key, string text) =>
        run.Printer.List(
            [.. lines.Select(line => new JsonObject { [key] = line.Key, [text] = line.Text })], [new Column(key, key), new Column(text, text)]);

    private static void ShowCommand(Invocation run, string[] words)
    {
        Command command = run.Parse.RootCommandResult.Command;
        foreach (var word in words)
        {
            command = command.Subcommands.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word))
                ?? throw CommandProblem.Usage($"There is no command \"{string.Join(' ', words)}\".", new NextStep("All commands", Command: "switchyard help"));
        }

        run.Parse.RootCommandResult.Command.Parse([.. words, "--help"]).Invoke(run.Parse.InvocationConfiguration);
    }
}
