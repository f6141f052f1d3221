using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Server.Access;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Xunit;
using static Switchyard.Tests.Server.Repositories.Hub;

namespace Switchyard.Tests.Server.Models;

/// <summary>The catalogue as a browser without scripts has it.</summary>
public sealed class ModelPageTests
{
    private const string Avro = """{"type":"record","name":"Order","doc":"What was bought.","fields":[{"name":"id","type":"string"},{"name":"amount","type":"int"}]}""";
    private const string Hostile = """{"type":"record","name":"Bad","doc":"<script>alert(1)</script>","fields":[{"name":"a","type":"string","doc":"<img src=x onerror=alert(2)>"}]}""";

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task The_list_is_narrowed_by_facets_folders_and_chips_that_are_links(string kind)
    {
        await using var hub = await Hub.StartAsync(
            kind, ("a/one.avsc", Avro), ("a/b/two.avsc", Avro), ("a/b/three.hck.json", Files.Hackolade("Three", "x")), ("top.hck.json", Files.Hackolade("Top", "y")), ("ml/MLmodel", Files.MlModel));
        using var browser = await hub.Server.SignInAsync(Role.Viewer);

        var list = await browser.GetAsync("/models");
        Assert.Equal(5, list.QuerySelectorAll("tbody[data-rows] tr").Length);
        Assert.Equal(["avro 2", "hackolade 2", "mlflow 1", "File 4", "Folder 1", "acme/models 5"], Facets(list));

        list = await browser.GetAsync(list.QuerySelectorAll(".facet a").First(link => link.TextContent.Contains("avro", StringComparison.Ordinal)).GetAttribute("href")!);
        Assert.Equal(["format: avro (remove)", "Clear all"], list.QuerySelectorAll(".chip").Select(Words));
        Assert.Equal(["avro 2", "hackolade 2", "mlflow 1", "File 2", "acme/models 2"], Facets(list));

        list = await browser.GetAsync(list.QuerySelectorAll(".facet a").First(link => link.TextContent.Contains("acme/models", StringComparison.Ordinal)).GetAttribute("href")!);
        Assert.Equal("acme/models", list.QuerySelector("h1")!.TextContent);
        list = await browser.GetAsync(list.QuerySelectorAll(".chip").First(chip => chip.TextContent.StartsWith("format", StringComparison.Ordinal)).GetAttribute("href")!);
        Assert.Equal(["a 3", "avro 2"], Facets(list).Take(2));

        list = await browser.GetAsync(list.QuerySelector(".facet a")!.GetAttribute("href")!);
        Assert.Equal(["a/b/three.hck.json", "a/b/two.avsc", "a/one.avsc"], list.QuerySelectorAll(".model-path").Select(Words));
        Assert.Equal("b 2", Facets(list)[0]);
        list = await browser.GetAsync(list.QuerySelector(".facet a")!.GetAttribute("href")!);
        Assert.Equal(["Models", "acme/models", "a"], list.QuerySelectorAll(".breadcrumb a").Select(Words));
        Assert.Equal(2, list.QuerySelectorAll("tbody[data-rows] tr").Length);

        // The form keeps what the facets have set.
        Assert.Contains("folder=a/b", list.QuerySelectorAll<IHtmlInputElement>(".filters input[type=hidden]").Select(input => $"{input.Name}={input.Value}"));
        Assert.Equal("No match", (await browser.GetAsync("/models?q=nowhere")).QuerySelector(".empty-title")!.TextContent);
        Assert.Contains("avro", (await browser.GetAsync("/models?format=word", 422)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.GetAsync("/api/v1/models/facets?format=avro")).GetProperty("kinds")[0].GetProperty("models").GetInt32());
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_model_shows_its_tabs_versions_text_and_what_has_changed(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("shop/order.avsc", Avro));
        await hub.PushAsync(("shop/order.avsc", Avro.Replace("\"int\"", "\"long\"", StringComparison.Ordinal)));
        await hub.RepositoryUntilAsync(row => Text(row, "versions") == "2" && Text(row, "status") == "Synced");
        using var browser = await hub.Server.SignInAsync(Role.Viewer);
        var path = (await browser.GetAsync("/models")).QuerySelector("tbody a")!.GetAttribute("href")!;
        Assert.Equal("/models/by-hand/acme/models/shop/order.avsc", path);

        var overview = await browser.GetAsync(path);
        Assert.Equal("What was bought.", overview.QuerySelector(".model-description")!.TextContent);
        Assert.Equal(["v2", "v1"], overview.QuerySelectorAll(".changes a").Select(Words));

        var schema = await browser.GetAsync(path + "?tab=schema&q=AMOUNT");
        Assert.Equal(["id", "amount"], schema.QuerySelectorAll(".attribute-name").Select(Words));
        Assert.Equal("amount", schema.QuerySelector("tr.match .attribute-name")!.TextContent);
        Assert.Contains("No name has", (await browser.GetAsync(path + "?tab=schema&q=zzz")).QuerySelector(".schema-list")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("No problem", (await browser.GetAsync(path + "?tab=problems")).QuerySelector(".empty-title")!.TextContent);
        Assert.NotEmpty((await browser.GetAsync(path + "?tab=diagram")).QuerySelector("noscript")!.TextContent);

        var versions = await browser.GetAsync(path + "?tab=versions");
        Assert.Equal(["v2", "v1"], versions.QuerySelectorAll("tbody .row-link").Select(Words));
        var form = versions.QuerySelector<IHtmlFormElement>("form[action$='/-/compare']")!;
        var chosen = form.Elements.OfType<IHtmlInputElement>().Where(input => input.IsChecked).Select(input => $"{input.Name}={input.Value}");
        using var answer = await browser.Http.GetAsync(new Uri($"{form.GetAttribute("action")}?{string.Join('&', chosen)}", UriKind.Relative));
        Assert.Equal(path + "/-/compare/1...2", answer.Headers.Location!.ToString().TrimStart('~'));

        var split = await browser.GetAsync(path + "/-/compare/1...2");
        Assert.Equal(["−", "+"], split.QuerySelectorAll("tr td.sign").Select(Words).Where(text => text.Length > 0));
        var unified = await browser.GetAsync(path + "/-/compare/1...2?view=unified");
        Assert.Contains("\"int\"", unified.QuerySelector(".diff-removed .text")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("\"long\"", unified.QuerySelector(".diff-added .text")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("The same", (await browser.GetAsync(path + "/-/compare/2...2")).QuerySelector(".empty-title")!.TextContent);
        Assert.Contains("no Version 9", (await browser.GetAsync(path + "/-/compare/1...9", 404)).Body!.TextContent, StringComparison.Ordinal);

        var source = await browser.GetAsync(path + "/-/versions/1?raw=1");
        Assert.Equal(Avro, source.QuerySelector("#L1")!.TextContent.TrimEnd());
        Assert.Contains("no model", (await browser.GetAsync("/models/by-hand/acme/models/shop/nothing.avsc", 404)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_texts_from_a_repository_are_text_on_every_page()
    {
        const string Path = "a b/<img src=x onerror=alert(3)>/-/versions/100%25 & \"q\".avsc";
        await using var hub = await Hub.StartAsync("sqlite", (Path, Hostile), ("folder/-/versions/1", "no model"), ("folder.avsc", Avro));
        using var browser = await hub.Server.SignInAsync(Role.Viewer);
        var list = await browser.GetAsync("/models");
        var path = list.QuerySelectorAll("tbody a.row-link").First(link => link.TextContent == "Bad").GetAttribute("href")!;

        foreach (var page in (string[])["/models", "/models?q=%3Cscript%3E", path, path + "?tab=schema", path + "?tab=diagram", path + "?tab=versions", path + "?tab=problems", path + "/-/versions/1", "/search?q=onerror"])
        {
            var document = await browser.GetAsync(page);
            Assert.Empty(document.QuerySelectorAll("[onerror], main img, [style]"));
            Assert.All(document.Scripts, script => Assert.StartsWith("/assets/", script.Source, StringComparison.Ordinal));
        }

        Assert.Equal("Bad", (await browser.GetAsync(path)).QuerySelector("h1")!.TextContent);
        Assert.Contains("alert(1)", (await browser.GetAsync(path + "/-/versions/1?raw=1")).QuerySelector("#L1")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_compared_and_shown_member_by_member()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("ml/MLmodel", Files.MlModel), ("ml/requirements.txt", "x==1\n"), ("ml/conda.yaml", "name: env\n"));
        await hub.PushAsync(("ml/requirements.txt", "x==2\n"));
        await hub.RepositoryUntilAsync(row => Text(row, "versions") == "2" && Text(row, "status") == "Synced");
        using var browser = await hub.Server.SignInAsync(Role.Viewer);

        var compare = await browser.GetAsync("/models/by-hand/acme/models/ml/-/compare/1...2");
        Assert.Equal("requirements.txt", Assert.Single(compare.QuerySelectorAll(".diff-file")).GetAttribute("aria-label"));
        var members = await browser.GetAsync("/models/by-hand/acme/models/ml/-/versions/2?file=requirements.txt");
        Assert.Equal("x==2", members.QuerySelector("#L1")!.TextContent.Trim());
        Assert.Contains("MLmodel", members.QuerySelector(".members")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("no member", (await browser.GetAsync("/models/by-hand/acme/models/ml/-/versions/2?file=..%2Fsecret", 404)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_search_finds_models_what_is_in_them_repositories_and_pages()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop/order.avsc", Avro), ("shop.hck.json", Files.Hackolade("Shop", "customer")));
        using var browser = await hub.Server.SignInAsync(Role.Viewer);

        Assert.Equal(["Models: Order", "Entities and attributes: Order"], Results(await browser.GetAsync("/search?q=order")).Take(2));
        var attribute = await browser.GetAsync("/search?q=amount");
        Assert.Equal(["Entities and attributes: amount"], Results(attribute));
        Assert.Equal("amount", (await browser.GetAsync(attribute.QuerySelector("#results li a")!.GetAttribute("href")!)).QuerySelector("tr.match .attribute-name")!.TextContent);
        Assert.Contains("Repositories: acme/models", Results(await browser.GetAsync("/search?q=acme")));
        Assert.Contains("Pages: Syncs", Results(await browser.GetAsync("/search?q=syncs")));
        Assert.Contains("Nothing is called", (await browser.GetAsync("/search?q=zzzz")).QuerySelector("#results")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await browser.GetAsync("/search")).QuerySelector("#results"));
    }

    private static List<string> Results(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("#results h2").SelectMany(head => head.NextElementSibling!.QuerySelectorAll(".result-name").Select(name => $"{head.TextContent}: {name.TextContent}"))];

    private static List<string> Facets(IHtmlDocument page) => [.. page.QuerySelectorAll(".facet a").Select(Words)];

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
