using Xunit;

namespace Switchyard.Tests.Infrastructure;

/// <summary>The folder of real repositories, payloads and schemas that may lie beside the checkout.</summary>
internal static class SharedFolder
{
    public static readonly string RepositoryRoot = FindRoot();

    private static readonly string Shared =
        TestEnvironment.Shared ?? Path.Combine(RepositoryRoot, "..", "shared");

    /// <summary>The full path of a file or folder below the shared folder; the running test is skipped where it is missing.</summary>
    public static string Require(string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(Shared, relativePath));
        if (!Path.Exists(path))
        {
            Assert.Skip($"The shared fixtures are not here: {relativePath} was looked for beside the checkout (SWITCHYARD_SHARED names another place).");
        }

        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Switchyard.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Switchyard.slnx is in no folder above the tests.");
    }
}
