using System.Text;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Api;

/// <summary>A body as it came; on a terminal with a line end behind it.</summary>
internal static class RawOutput
{
    public static void Write(Terminal terminal, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        terminal.Out.Write(text);
        if (text.Length > 0 && text[^1] != '\n')
        {
            terminal.Out.Write('\n');
        }
    }
}
