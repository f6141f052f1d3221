namespace Switchyard.Cli.Output;

/// <summary>Asks before something that cannot be taken back. Without a terminal to ask on, <c>--yes</c> is needed.</summary>
internal static class Confirmation
{
    public static void Require(Terminal terminal, string question, bool yes)
    {
        if (yes)
        {
            return;
        }

        if (!terminal.InIsTty || !terminal.ErrorIsTty)
        {
            throw CommandProblem.Usage($"{question} Nobody can be asked here; say --yes to go on.");
        }

        terminal.Error.Write(Printable.Line(question) + " [y/N] ");
        terminal.Error.Flush();
        if (terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes" or "Yes"))
        {
            throw CommandProblem.Usage("Cancelled; nothing was changed.");
        }
    }
}
