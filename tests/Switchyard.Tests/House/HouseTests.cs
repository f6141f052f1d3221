using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.House;

public sealed class HouseTests
{
    [Fact]
    public void Feature_folders_of_the_server_have_no_cycle()
    {
        var server = Path.Combine(SharedFolder.RepositoryRoot, "src", "Switchyard.Server");
        var uses = Directory.EnumerateDirectories(server)
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
            .ToDictionary(folder => Path.GetFileName(folder)!, folder => FoldersUsedBy(folder, server), StringComparer.Ordinal);

        Assert.Empty(FoldersInCycles(uses));
    }

    [Fact]
    public void A_cycle_between_folders_is_found()
    {
        var uses = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal)
        {
            ["Webhooks"] = ["Providers"],
            ["Providers"] = ["Storage", "Webhooks"],
            ["Storage"] = [],
        };

        Assert.Equal(["Providers", "Webhooks"], FoldersInCycles(uses));
    }

    private static HashSet<string> FoldersUsedBy(string folder, string server)
    {
        const string Prefix = "using Switchyard.Server.";
        return Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Select(line => line.TrimStart('@', ' '))
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..].TrimEnd(';').Split('.')[0])
            .Where(name => name != Path.GetFileName(folder) && Directory.Exists(Path.Combine(server, name)))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Peels off folders that use no remaining folder; what cannot be peeled off is in, or depends on, a cycle.</summary>
    private static string[] FoldersInCycles(Dictionary<string, HashSet<string>> uses)
    {
        var left = new HashSet<string>(uses.Keys, StringComparer.Ordinal);
        while (left.RemoveWhere(folder => !uses[folder].Any(left.Contains)) > 0)
        {
        }

        return [.. left.Order(StringComparer.Ordinal)];
    }
}
