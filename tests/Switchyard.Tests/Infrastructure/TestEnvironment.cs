using System.Runtime.CompilerServices;

namespace Switchyard.Tests.Infrastructure;

/// <summary>
/// The server refuses variables that it does not know, and takes every <c>SWITCHYARD_TEST_</c> for one of the tests: the short
/// name of the folder of fixtures is taken out of the environment before a server starts in it.
/// </summary>
internal static class TestEnvironment
{
    private const string Short = "SWITCHYARD_SHARED";

    public static string? Shared => Environment.GetEnvironmentVariable("SWITCHYARD_TEST_SHARED");

    /// <summary>Snapshots are written anew instead of compared.</summary>
    public static bool RewriteSnapshots => Environment.GetEnvironmentVariable("SWITCHYARD_TEST_REWRITE_SNAPSHOTS") == "1";

    [ModuleInitializer]
    internal static void TakeOver()
    {
        if (Environment.GetEnvironmentVariable(Short) is { Length: > 0 } folder)
        {
            Environment.SetEnvironmentVariable("SWITCHYARD_TEST_SHARED", folder);
            Environment.SetEnvironmentVariable(Short, null);
        }
    }
}
