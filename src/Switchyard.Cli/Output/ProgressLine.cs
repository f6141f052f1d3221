namespace Switchyard.Cli.Output;

/// <summary>
/// Progress on standard error for what takes longer than a second: one line that is rewritten on a terminal, a new line
/// every ten seconds elsewhere. Nothing with <c>--quiet</c>.
/// </summary>
internal sealed class ProgressLine(Terminal terminal, bool quiet) : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly long began = terminal.Time.GetTimestamp();
    private TimeSpan? shownAt;
    private int shownWidth;

    public void Report(string what, long? done = null, long? total = null)
    {
        var elapsed = terminal.Time.GetElapsedTime(began);
        var pause = terminal.ErrorIsTty ? OnTerminal : Elsewhere;
        if (quiet || elapsed < (terminal.ErrorIsTty ? Silence : Elsewhere) || elapsed - shownAt < pause)
        {
            return;
        }

        shownAt = elapsed;
        var text = Describe(Printable.Line(what), done, total, elapsed);
        if (!terminal.ErrorIsTty)
        {
            terminal.Error.WriteLine(text);
            return;
        }

        text = text.Length < terminal.Width ? text : text[..(terminal.Width - 1)];
        terminal.Error.Write("\r" + text.PadRight(shownWidth));
        terminal.Error.Flush();
        shownWidth = text.Length;
    }

    /// <summary>Clears the line, so that what follows begins at its start.</summary>
    public void Dispose()
    {
        if (shownWidth > 0)
        {
            terminal.Error.Write("\r" + new string(' ', shownWidth) + "\r");
            terminal.Error.Flush();
            shownWidth = 0;
        }
    }

    private static string Describe(string what, long? done, long? total, TimeSpan elapsed)
    {
        if (done is null)
        {
            return $"{what} ({Durations.Show(elapsed)})";
        }

        var rate = done.Value / Math.Max(elapsed.TotalSeconds, 0.001);
        var text = total is > 0 ? $"{what} {done:N0} of {total:N0}" : $"{what} {done:N0}";
        text += FormattableString.Invariant($", {rate:0.#}/s");
        return total > done && rate > 0 ? $"{text}, {Durations.Show(TimeSpan.FromSeconds((total.Value - done.Value) / rate))} left" : text;
    }
}
