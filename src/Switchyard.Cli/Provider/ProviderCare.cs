using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Provider;

/// <summary>What keeps a provider's credentials good: <c>test</c>, <c>rotate-key</c>, <c>rotate-secret</c>, <c>forget</c>.</summary>
internal static class ProviderCare
{
    public static IEnumerable<Command> Commands(Shell shell) => [Test(shell), RotateKey(shell), RotateSecret(shell), Forget(shell)];

    private static Command Test(Shell shell)
    {
        var provider = Provider();
        var test = new Command("test", "Ask GitHub whether it accepts the credentials") { provider };
        shell.Run(test, async (run, cancellation) =>
        {
            var answer = (await run.Server.PostAsync(PathOf(run.Get(provider)!, "test"), null, cancellation))!;
            run.Printer.Result(answer, Members.At(answer, "detail")!);
            return Members.At(answer, "ok") == "true" ? ExitCode.Ok : ExitCode.OtherSideFailed;
        });
        return test;
    }

    private static Command RotateKey(Shell shell)
    {
        var provider = Provider();
        var file = new Option<string?>("--private-key") { Description = "File of the App's new private key (PEM); - is standard input", HelpName = "FILE" };
        var keyIn = new Option<string?>("--key-in") { Description = "Or its place in a vault, where it signs: azure:https://NAME.vault.azure.net/keys/KEY/VERSION or hashicorp:transit/KEY", HelpName = "KEY" };
        var rotate = new Command("rotate-key", "Take another private key of the App; the one before stays good until it is forgotten") { provider, file, keyIn };
        shell.Run(rotate, async (run, cancellation) =>
        {
            if (run.Get(file) is null == run.Get(keyIn) is null)
            {
                throw CommandProblem.Usage("Give the new key: --private-key FILE or --key-in KEY. GitHub makes one under the App's settings, Private keys.");
            }

            var body = new JsonObject { ["privateKey"] = await SecretInput.ReadAsync(run, run.Get(file), file.Name, cancellation), ["keyIn"] = run.Get(keyIn) };
            var name = run.Get(provider)!;
            var answer = (await run.Server.PostAsync(PathOf(name, "key"), body, cancellation))!;
            run.Printer.Result(answer, $"GitHub accepts the new key; it is in use. Delete the old one on GitHub, then: switchyard provider forget {name} key");
            return ExitCode.Ok;
        });
        return rotate;
    }

    private static Command RotateSecret(Shell shell)
    {
        var provider = Provider();
        var rotate = new Command("rotate-secret", "A new webhook secret, here and on GitHub; the one before stays good until it is forgotten") { provider };
        shell.Run(rotate, async (run, cancellation) =>
        {
            var name = run.Get(provider)!;
            var answer = (await run.Server.PostAsync(PathOf(name, "webhook-secret/rotate"), null, cancellation))!;
            run.Printer.Result(answer, $"GitHub signs with the new secret from now on; what was signed before is still taken. Later: switchyard provider forget {name} webhook-secret");
            return ExitCode.Ok;
        });
        return rotate;
    }

    private static Command Forget(Shell shell)
    {
        var provider = Provider();
        var what = new Argument<string>("what") { Description = "key or webhook-secret" };
        what.AcceptOnlyFromAmong("key", "webhook-secret");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be forgotten, and change nothing" };
        var forget = new Command("forget", "Forget the key or webhook secret before the last rotation") { provider, what, yes, dryRun };
        shell.Run(forget, async (run, cancellation) =>
        {
            var (name, forgotten, done) = (run.Get(provider)!, run.Get(what)!.Replace('-', ' '), !run.Get(dryRun));
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Forget the {forgotten} of {name} before the last rotation? What is signed with it is refused from now on.", run.Get(yes));
                await run.Server.DeleteAsync(PathOf(name, run.Get(what) + "/previous"), cancellation);
            }

            run.Printer.Result(new JsonObject { ["provider"] = name, ["forgotten"] = run.Get(what), ["done"] = done }, done ? $"The {forgotten} before is forgotten." : $"Would forget the {forgotten} before.");
            return ExitCode.Ok;
        });
        return forget;
    }

    private static Argument<string> Provider() => new("provider") { Description = "Slug or id" };

    private static string PathOf(string provider, string rest) => $"api/v1/providers/{Uri.EscapeDataString(provider)}/{rest}";
}
