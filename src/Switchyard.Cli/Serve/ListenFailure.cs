using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Serve;

/// <summary>Why a server cannot listen where it should, with what to do instead.</summary>
internal static class ListenFailure
{
    /// <summary>The code of the problem where another program listens.</summary>
    public const string Taken = "AddressInUse";

    /// <summary>The problem to show; the failure itself where it is another one.</summary>
    /// <param name="failure">What the start ended with.</param>
    /// <param name="where">The address, as it was asked for.</param>
    /// <param name="other">How to take another one.</param>
    public static Exception Explain(Exception failure, string where, NextStep other) => failure switch
    {
        IOException { InnerException: AddressInUseException } =>
            new CommandProblem(ExitCode.Conflict, Taken, $"{where} is taken: another program listens there.", other),
        SocketException refused =>
            new CommandProblem(ExitCode.Usage, "AddressRefused", $"{where} cannot be listened on: {refused.Message}.", other),
        _ => failure,
    };
}
