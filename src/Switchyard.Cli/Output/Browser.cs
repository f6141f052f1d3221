using System.ComponentModel;
using System.Diagnostics;

namespace Switchyard.Cli.Output;

/// <summary>Opens an address in the person's browser; where there is none, the address is what matters and is printed.</summary>
internal static class Browser
{
    public static void Open(Terminal terminal, Uri address)
    {
        if (!terminal.OutIsTty || !TryStart(terminal, address))
        {
            terminal.Out.Write(address.AbsoluteUri + "\n");
        }
    }

    public static bool TryStart(Terminal terminal, Uri address)
    {
        var opener = terminal.Environment("BROWSER")
            ?? (OperatingSystem.IsMacOS() ? "open" : OperatingSystem.IsWindows() ? "explorer" : terminal.Environment("DISPLAY") is null && terminal.Environment("WAYLAND_DISPLAY") is null ? null : "xdg-open");
        if (opener is null)
        {
            return false;
        }

        try
        {
            var start = new ProcessStartInfo(opener) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add(address.AbsoluteUri);
            using var process = Process.Start(start);
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
