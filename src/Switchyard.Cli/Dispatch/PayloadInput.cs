using System.Text;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Dispatch;

/// <summary>A client_payload: JSON as it stands, <c>@FILE</c>, or <c>-</c> for standard input.</summary>
internal static class PayloadInput
{
    public static async Task<byte[]> ReadAsync(Invocation run, string eventType, string? given, CancellationToken cancellation)
    {
        var payload = given switch
        {
            null => [],
            "-" => Encoding.UTF8.GetBytes(await run.Terminal.In.ReadToEndAsync(cancellation)),
            ['@', .. var file] => await FileAsync(run.PathOf(file), cancellation),
            _ => Encoding.UTF8.GetBytes(given),
        };
        payload = payload.AsSpan().StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        try
        {
            DispatchLimits.Check(eventType, payload);
            return payload.Length == 0 && given is not null ? throw CommandProblem.Usage("--payload is empty. Leave it out to send none.") : payload;
        }
        catch (ArgumentException wrong)
        {
            throw CommandProblem.Usage(wrong.Message.Split(" (Parameter '")[0]);
        }
    }

    private static async Task<byte[]> FileAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw CommandProblem.Usage($"--payload names {path}, which does not exist.");
        }

        return new FileInfo(path).Length < DispatchLimits.PayloadBytes * 2
            ? await File.ReadAllBytesAsync(path, cancellation)
            : throw CommandProblem.Usage($"--payload names {path}, which has {new FileInfo(path).Length} bytes; GitHub takes less than {DispatchLimits.PayloadBytes}.");
    }
}
