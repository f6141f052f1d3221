namespace Switchyard.Benchmarks.Harness;

/// <summary>Where things are: the root of the repository, and the shared fixtures beside it.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of shared fixtures, or null where there is none.</summary>
    public static string? Shared =>
        new[] { Environment.GetEnvironmentVariable("SWITCHYARD_SHARED"), Path.Combine(Root, "..", "shared") }.FirstOrDefault(Directory.Exists);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Switchyard.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The benchmarks run from the artifacts of a checkout; Switchyard.slnx was not found above them.");
    }
}
