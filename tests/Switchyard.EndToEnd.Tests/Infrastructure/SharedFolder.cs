using Xunit;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>Finds the fixtures that lie in <c>../shared</c> beside the repository (<c>SWITCHYARD_SHARED</c> names another place).</summary>
internal static class SharedFolder
{
    public static string Repository { get; } = FindRoot();

    /// <summary>The path of a fixture; skips the test where there are none.</summary>
    public static string Require(params string[] parts)
    {
        var folder = TestEnvironment.Shared ?? Path.GetFullPath(Path.Combine(Repository, "..", "shared"));
        var path = Path.Combine([folder, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"The fixture {path} is not there (SWITCHYARD_SHARED names the folder).");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Switchyard.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Switchyard.slnx is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
