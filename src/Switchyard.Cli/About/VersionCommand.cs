using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.About;

internal sealed class VersionCommand : Command
{
    public VersionCommand(Shell shell)
        : base("version", "The version of Switchyard and of what it runs on")
    {
        shell.Run(this, (run, _) =>
        {
            var assembly = typeof(VersionCommand).Assembly;
            var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version!.ToString(3);
            run.Printer.Result(
                new JsonObject { ["version"] = version, ["runtime"] = RuntimeInformation.FrameworkDescription, ["os"] = RuntimeInformation.OSDescription },
                $"switchyard {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
