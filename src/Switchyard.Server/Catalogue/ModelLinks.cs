using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Server.Models;

namespace Switchyard.Server.Catalogue;

/// <summary>Addresses of the pages of models. <c>/-/</c> stands between a path, which may be anything, and what follows it.</summary>
internal static class ModelLinks
{
    public static string Of(string provider, string repository, string path) => $"/models/{Escape(provider)}/{Escape(repository)}/{Escape(path)}";

    public static string Of(ModelResource model) => Of(model.Provider, model.Repository, model.Path);

    public static string Tab(ModelResource model, string tab) => $"{Of(model)}?tab={tab}";

    public static string Version(ModelResource model, string version) => $"{Below(model)}-/versions/{Escape(version)}";

    public static string Compare(ModelResource model, long from, long to) => $"{Below(model)}-/compare/{from}...{to}";

    /// <summary>Where a form for two Versions leads, which then leads to the address of the comparison.</summary>
    public static string CompareForm(ModelResource model) => $"{Below(model)}-/compare";

    public static string Repository(string provider, string repository) => $"/repositories/{Escape(provider)}/{Escape(repository)}";

    /// <summary>The list of the models below a folder.</summary>
    public static string Folder(string repositoryId, string? folder) => QueryHelpers.AddQueryString(
        "/models", new Dictionary<string, string?>(StringComparer.Ordinal) { ["repository"] = repositoryId, ["folder"] = string.IsNullOrEmpty(folder) ? null : folder }.Where(pair => pair.Value is not null)!);

    /// <summary>The folders above a path, each with the whole of its path.</summary>
    public static IEnumerable<(string Name, string Path)> FoldersOf(string path)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
        {
            yield return (path[(path.LastIndexOf('/', Math.Max(0, at - 1)) + 1)..at], path[..at]);
        }
    }

    /// <summary>Each segment for itself: what is in a name never becomes a part of the address.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Below(ModelResource model) => Of(model) is var path && path.EndsWith('/') ? path : path + "/";
}
