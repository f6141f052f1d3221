using System.Globalization;
using System.Text.RegularExpressions;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Models;
using Switchyard.Server.Models.Diffs;
using Switchyard.Server.Panel;
using Switchyard.Server.Repositories;

namespace Switchyard.Server.Catalogue;

/// <summary><c>/models</c> and what is below it: the list, a model with its tabs, a Version, two Versions side by side.</summary>
internal static partial class ModelPages
{
    private const int Recent = 5;

    /// <summary>Beyond this the overview does not read the file for its description: the page has to be quick.</summary>
    private const long ReadAtOnce = 1024 * 1024;
    private const int MostShown = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", ListAsync).Checks(ModelEndpoints.ListRules).AsPage();
        routes.MapGet("/models/{provider}/{owner}/{name}/{**path}", ShowAsync).Checks(new ListOrder("-number")).AsPage();
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, PageRequest page, ModelStore store, FacetStore facets, FindRepository find, string? q, string? format, string? kind, string? provider, string? repository, string? folder,
        string? state, string? status, CancellationToken cancellation)
    {
        // Where nothing is said a person means the models that are there.
        var shown = string.IsNullOrEmpty(state) ? ModelState.Active : state;
        var list = await ModelEndpoints.ListAsync(context, page, store, q, format, kind, provider, repository, folder, shown, status, cancellation);
        var counts = await ModelEndpoints.FacetsAsync(facets, q, format, kind, provider, repository, folder, shown, status, cancellation);
        var named = repository is { Length: > 0 } ? (await find.RunAsync(repository, provider, cancellation)).Found : null;
        return PanelPage.Of<ModelsPage>((nameof(ModelsPage.Model), list.Value), (nameof(ModelsPage.Facets), counts.Value), (nameof(ModelsPage.Repository), named?.FullName));
    }

    private static async Task<IResult> ShowAsync(
        string provider, string owner, string name, string? path, HttpContext context, PageRequest page, FindRepository find, ModelStore store, ModelReader reader, ModelDiffer differ,
        string? tab, string? q, string? entity, string? at, string? focus, string? file, string? view, string? raw, string? from, string? to, CancellationToken cancellation)
    {
        var (repository, problem) = await find.RunAsync($"{owner}/{name}", provider, cancellation);
        if (repository is null)
        {
            return problem!;
        }

        if (repository.FullName != $"{owner}/{name}")
        {
            // An old name leads to the new one.
            return TypedResults.LocalRedirect($"~/models/{ModelLinks.Escape(provider)}/{ModelLinks.Escape(repository.FullName)}/{ModelLinks.Escape(path ?? "")}{context.Request.QueryString}", permanent: true);
        }

        // A model may be called as what is behind /-/ is; then it is the model that is meant.
        var row = await store.FindByPathAsync(repository.Id, path ?? "", cancellation);
        if (row is not null)
        {
            return await ShowModelAsync(row, context, page, store, reader, tab, q, entity, at, focus, cancellation);
        }

        if (Behind().Match(path ?? "") is not { Success: true } behind || await store.FindByPathAsync(repository.Id, behind.Groups["path"].Value, cancellation) is not { } model)
        {
            return Problem.NotFound(
                $"{repository.FullName} has no model {path}. It may have been renamed, or it was never on the default branch.",
                new NextStep("Models of this repository", ModelLinks.Folder(repository.Id.ToString(CultureInfo.InvariantCulture), null)));
        }

        return behind.Groups["what"].Value == "versions"
            ? await ShowVersionAsync(model, behind.Groups["rest"].Value, store, reader, file, raw, cancellation)
            : await CompareAsync(model, behind.Groups["rest"].Value, from, to, view, store, differ, cancellation);
    }

    private static async Task<IResult> ShowModelAsync(
        ModelRow row, HttpContext context, PageRequest page, ModelStore store, ModelReader reader, string? tab, string? q, string? entity, string? at, string? focus, CancellationToken cancellation)
    {
        var (detail, problem) = PanelPage.Take<ModelDetail>(await ModelEndpoints.FindAsync(row.Id, store, cancellation));
        var versions = PanelPage.Take<Page<VersionResource>>(await VersionEndpoints.ListAsync(row.Id, context, tab == "versions" ? page : new PageRequest { Limit = Recent }, store, cancellation)).Value;
        if (detail is null)
        {
            return problem!;
        }

        var isRead = tab is "schema" || (tab is null or "" or "overview" && row.Size <= ReadAtOnce);
        var model = isRead ? await reader.ReadAsync(row.Path, row.Kind, row.ShownSha256, row.ShownFormat ?? row.Format, cancellation) : null;
        return PanelPage.Of<ModelPage>(
            (nameof(ModelPage.Detail), detail),
            (nameof(ModelPage.Tab), tab),
            (nameof(ModelPage.Versions), versions),
            (nameof(ModelPage.Read), model),
            (nameof(ModelPage.Schema), tab == "schema" && model is not null ? SchemaView.Of(model, q, entity, int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0) : null),
            (nameof(ModelPage.Focus), focus));
    }

    private static async Task<IResult> ShowVersionAsync(ModelRow model, string version, ModelStore store, ModelReader reader, string? file, string? raw, CancellationToken cancellation)
    {
        var (_, row, problem) = await VersionEndpoints.ResolveAsync(model.Id, version, store, cancellation);
        if (row is null)
        {
            return problem!;
        }

        var files = await reader.ReadFilesAsync(model.Path, model.Kind, row.ContentSha256, cancellation) ?? [];
        var names = files.Select(one => ModelDiffer.NameOf(model, one)).ToList();
        var open = file is { Length: > 0 } ? names.IndexOf(file) : 0;
        if (open < 0)
        {
            return Problem.NotFound($"Version {row.Number} of {model.Path} has no member {file}.", new NextStep("Its members", ModelLinks.Version(ModelEndpoints.Show(model), version)));
        }

        var text = files.Length == 0 ? null : SourceText.Of(names[open], files[open], MostShown);
        return PanelPage.Of<VersionPage>(
            (nameof(VersionPage.Model), ModelEndpoints.Show(model)),
            (nameof(VersionPage.Version), VersionEndpoints.Show(model, row)),
            (nameof(VersionPage.Files), names),
            (nameof(VersionPage.Source), text is { IsOneLineJson: true } && raw != "1" ? text.Format() : text));
    }

    private static async Task<IResult> CompareAsync(ModelRow model, string rest, string? from, string? to, string? view, ModelStore store, ModelDiffer differ, CancellationToken cancellation)
    {
        var shown = ModelEndpoints.Show(model);
        if (rest.Length == 0)
        {
            // The form of the Versions: its answer is an address that can be kept.
            var newest = to is { Length: > 0 } ? to : model.VersionCount.ToString(CultureInfo.InvariantCulture);
            var oldest = from is { Length: > 0 } ? from : Math.Max(1, model.VersionCount - 1).ToString(CultureInfo.InvariantCulture);
            return TypedResults.LocalRedirect($"~{ModelLinks.CompareForm(shown)}/{Uri.EscapeDataString(oldest)}...{Uri.EscapeDataString(newest)}");
        }

        if (rest.Split("...") is not [{ Length: > 0 } left, { Length: > 0 } right])
        {
            return Problem.NotFound($"\"{rest}\" names no two Versions: write 1...2, or the commits with three dots between them.", new NextStep("Its Versions", ModelLinks.Tab(shown, "versions")));
        }

        var (diff, problem) = PanelPage.Take<ModelDiff>(await DiffEndpoints.DiffAsync(model.Id, left, right, null, store, differ, cancellation));
        return diff is null ? problem! : PanelPage.Of<ComparePage>((nameof(ComparePage.Model), shown), (nameof(ComparePage.Diff), diff), (nameof(ComparePage.View), view));
    }

    [GeneratedRegex("^(?:(?<path>.*)/)?-/(?<what>versions|compare)(?:/(?<rest>[^/]*))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Behind();
}
