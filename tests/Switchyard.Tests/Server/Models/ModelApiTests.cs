using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Server.Models;

public sealed class ModelApiTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_model_that_the_ignore_file_hides_is_listed_as_ignored(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "one")), ("b.hck.json", Files.Hackolade("B", "one")));
        await hub.PushAsync((".switchyardignore", "a.*\n"));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "models") == "1" && Hub.Text(row, "status") == "Synced");

        Assert.Equal(["a.hck.json Ignored", "b.hck.json Active"], Hub.Items(await hub.GetAsync("/api/v1/models")).Select(item => $"{Hub.Text(item, "path")} {Hub.Text(item, "state")}"));
        Assert.Equal(["b.hck.json"], Hub.Items(await hub.GetAsync("/api/v1/models?state=Active")).Select(item => Hub.Text(item, "path")));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Models_are_found_by_what_they_hold_and_given_back_as_they_are(string kind)
    {
        var first = Files.Hackolade("Shop", "customer", "order");
        await using var hub = await Hub.StartAsync(
            kind, ("shop.hck.json", first), ("crm/people.hck.json", Files.Hackolade("People", "Customer")), ("ml/MLmodel", Files.MlModel), ("ml/requirements.txt", "x==1"), ("broken.avsc", "{"));
        await hub.PushAsync(("shop.hck.json", Files.Hackolade("Shop", "customer", "order", "invoice")));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "versions") == "5" && Hub.Text(row, "status") == "Synced");

        var all = await hub.GetAsync("/api/v1/models");
        Assert.Equal(["broken.avsc", "crm/people.hck.json", "ml", "shop.hck.json"], Hub.Items(all).Select(item => Hub.Text(item, "path")));
        var pages = await hub.GetAsync("/api/v1/models?limit=3");
        var rest = await hub.GetAsync("/api/v1/models?limit=3&cursor=" + Hub.Text(pages, "nextCursor"));
        Assert.Equal((3, 1, "4"), (Hub.Items(pages).Count(), Hub.Items(rest).Count(), Hub.Text(rest, "total")));
        Assert.Equal(["crm/people.hck.json", "shop.hck.json"], Hub.Items(await hub.GetAsync("/api/v1/models?q=CUSTOMER")).Select(item => Hub.Text(item, "path")));
        Assert.Equal(["ml"], Hub.Items(await hub.GetAsync("/api/v1/models?format=mlflow&repository=ACME/models&state=active")).Select(item => Hub.Text(item, "path")));

        var hits = await hub.GetAsync("/api/v1/models/search?q=invoice");
        var hit = Assert.Single(Hub.Items(hits));
        Assert.Equal(("entity", "invoice"), (Hub.Text(hit.GetProperty("matches")[0], "kind"), Hub.Text(hit.GetProperty("matches")[0], "name")));
        using var nothing = await hub.Server.Http.GetAsync("/api/v1/models/search");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nothing.StatusCode);

        var shop = Hub.Items(all).Single(item => Hub.Text(item, "path") == "shop.hck.json");
        var path = "/api/v1/models/" + Hub.Text(shop, "id");
        Assert.Equal(("3", "2", "Active", "Ready"), (Hub.Text(shop, "entities"), Hub.Text(shop, "versionCount"), Hub.Text(shop, "state"), Hub.Text(shop, "status")));
        Assert.Equal("Shop", Hub.Text(await hub.GetAsync(path + "/structure"), "name"));
        var versions = Hub.Items(await hub.GetAsync(path + "/versions")).ToList();
        Assert.Equal(["2", "1"], versions.Select(version => Hub.Text(version, "number")));
        var sha = Hub.Text(versions[1].GetProperty("commit"), "sha")!;
        Assert.Equal("1", Hub.Text(await hub.GetAsync(path + "/versions/" + sha[..9]), "number"));
        Assert.Equal(3, (await hub.GetAsync(path + "/versions/2/structure")).GetProperty("containers")[0].GetProperty("entities").GetArrayLength());

        using var content = await hub.Server.Http.GetAsync(path + "/versions/1/content");
        Assert.Equal(first, await content.Content.ReadAsStringAsync());
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first)))}\"", content.Headers.ETag!.Tag);
        Assert.Contains("immutable", content.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition!.DispositionType);
        using var range = new HttpRequestMessage(HttpMethod.Get, path + "/versions/1/content") { Headers = { Range = new RangeHeaderValue(1, 4) } };
        using var part = await hub.Server.Http.SendAsync(range);
        Assert.Equal((HttpStatusCode.PartialContent, first[1..5]), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var conditional = new HttpRequestMessage(HttpMethod.Get, path + "/versions/1/content") { Headers = { IfNoneMatch = { content.Headers.ETag } } };
        using var unchanged = await hub.Server.Http.SendAsync(conditional);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        var folder = Hub.Items(all).Single(item => Hub.Text(item, "path") == "ml");
        await using var zip = new ZipArchive(await hub.Server.Http.GetStreamAsync($"/api/v1/models/{Hub.Text(folder, "id")}/content"));
        Assert.Equal(["MLmodel", "requirements.txt"], zip.Entries.Select(entry => entry.FullName));

        var broken = Hub.Items(all).Single(item => Hub.Text(item, "path") == "broken.avsc");
        var detail = await hub.GetAsync("/api/v1/models/" + Hub.Text(broken, "id"));
        Assert.Equal("ParseFailed", Hub.Text(detail.GetProperty("problems")[0], "code"));
        Assert.Contains(Hub.Items(await hub.GetAsync($"/api/v1/repositories/{hub.Repository}/problems")), problem => Hub.Text(problem, "path") == "broken.avsc");
        foreach (var missing in (string[])["/api/v1/models/999", path + "/versions/9", path + "/versions/abcdef0", "/api/v1/models/999/content"])
        {
            using var answer = await hub.Server.Http.GetAsync(missing);
            Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_model_that_a_push_broke_is_found_and_shown_as_it_last_was_and_its_problems_are_counted_alike(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("shop.hck.json", Files.Hackolade("Shop", "customer")), ("fine.avsc", "\"int\""));
        await hub.PushAsync(("shop.hck.json", "<<<<<<< HEAD"));
        var repository = await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Degraded" && Hub.Text(row, "status") == "Synced");
        Assert.Contains(repository.GetProperty("reasons").EnumerateArray(), reason => Hub.Text(reason, "code") == "ParseFailed");

        var model = Hub.Items(await hub.GetAsync("/api/v1/models/search?q=customer")).Single().GetProperty("model");
        Assert.Equal(("Shop", "Failed", "True", "2", "1", "1"), (Hub.Text(model, "name"), Hub.Text(model, "status"), Hub.Text(model, "stale"), Hub.Text(model, "versionCount"), Hub.Text(model, "shownVersion"), Hub.Text(model, "entities")));
        var path = "/api/v1/models/" + Hub.Text(model, "id");
        Assert.Equal("Shop", Hub.Text(await hub.GetAsync(path + "/structure"), "name"));
        Assert.Equal("<<<<<<< HEAD", await hub.Server.Http.GetStringAsync(path + "/content"));
        Assert.Equal("ParseFailed", Hub.Text((await hub.GetAsync(path)).GetProperty("problems")[0], "code"));

        var listed = Hub.Items(await hub.GetAsync("/api/v1/models")).Sum(item => item.GetProperty("problemCount").GetInt64());
        var problems = await hub.GetAsync($"/api/v1/repositories/{hub.Repository}/problems");
        var counted = Hub.Items(await hub.GetAsync("/api/v1/repositories")).Single();
        Assert.Equal((1, 1, "1", "1", "1", "1"), (listed, Hub.Items(problems).Count(), Hub.Text(problems, "total"), Hub.Text(repository, "problems"), Hub.Text(counted, "problems"), Hub.Text(repository.GetProperty("lastSync").GetProperty("result"), "problems")));
    }

    [Fact]
    public async Task A_Git_LFS_pointer_is_said_to_be_one_wherever_it_is_shown_or_given()
    {
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 4100000000\n";
        await using var hub = await Hub.StartAsync("sqlite", ("weights.safetensors", pointer), ("a.hck.json", Files.Hackolade("A", "customer")));
        var model = Hub.Items(await hub.GetAsync("/api/v1/models?format=safetensors")).Single();
        var path = "/api/v1/models/" + Hub.Text(model, "id");

        Assert.Equal(("Pointer", "False", "0"), (Hub.Text(model, "status"), Hub.Text(model, "stale"), Hub.Text(model, "problemCount")));
        var facts = (await hub.GetAsync(path)).GetProperty("facts");
        Assert.Equal(("sha256:" + new string('a', 64), "4100000000"), (Hub.Text(facts, "lfsOid"), Hub.Text(facts, "lfsSize")));
        var version = Hub.Items(await hub.GetAsync(path + "/versions")).Single();
        Assert.Equal(("Pointer", "safetensors", pointer.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), (Hub.Text(version, "status"), Hub.Text(version, "format"), Hub.Text(version, "size")));
        foreach (var content in (string[])["/content", "/versions/1/content"])
        {
            using var answer = await hub.Server.Http.GetAsync(path + content);
            Assert.Equal("Pointer", Assert.Single(answer.Headers.GetValues("X-Switchyard-Model-Status")));
            Assert.Equal(pointer, await answer.Content.ReadAsStringAsync());
        }
    }
}
