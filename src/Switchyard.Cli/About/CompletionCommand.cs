using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.About;

/// <summary>Prints the script that makes a shell ask <c>switchyard [suggest:N]</c> for completions.</summary>
internal sealed class CompletionCommand : Command
{
    private const string Bash =
        """
        _switchyard() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(switchyard "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _switchyard switchyard

        """;

    private const string Zsh =
        """
        #compdef switchyard
        _switchyard() {
            local -a found
            found=("${(@f)$(switchyard "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _switchyard switchyard

        """;

    private const string Fish =
        """
        complete -c switchyard -a '(switchyard "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'

        """;

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName switchyard -ScriptBlock {
            param($word, $line, $position)
            switchyard "[suggest:$position]" "$line" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    public CompletionCommand(Shell shell)
        : base("completion", "The completion script of a shell, to be sourced in its profile")
    {
        var kind = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        kind.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Add(kind);
        shell.Run(this, (run, _) =>
        {
            run.Terminal.Out.Write(run.Get(kind) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
