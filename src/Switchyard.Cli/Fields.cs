using Switchyard.Cli.Admin;
using Switchyard.Cli.Delivery;
using Switchyard.Cli.Model;
using Switchyard.Cli.Provider;
using Switchyard.Cli.Repo;

namespace Switchyard.Cli;

/// <summary>The names that can stand behind <c>--json</c>.</summary>
internal static class Fields
{
    private static readonly HashSet<string> Names = new[]
    {
        RepoColumns.List, RepoColumns.View, RepoColumns.Problems, RepoColumns.Ignored, RepoColumns.Syncs, ModelColumns.List, ModelColumns.View, ModelColumns.Hits, ModelColumns.Versions,
        DeliveryColumns.List, DeliveryColumns.View, ProviderColumns.List, ProviderColumns.View, ProviderColumns.Installations, AdminTokenColumns.List,
    }.SelectMany(columns => columns.Select(column => column.Field)).ToHashSet(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Names;

    public static bool Known(string name) => Names.Contains(name);
}
