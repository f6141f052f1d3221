using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class FixtureTests(FixtureRepositories repositories) : IClassFixture<FixtureRepositories>
{
    [Theory]
    [InlineData("sample-data-models")]
    [InlineData("books")]
    public void Totals_at_head_are_those_expected(string name)
    {
        var expected = FixtureRepositories.Expected(name).GetProperty("atHead");
        var models = HackoladeModels(name);

        int Expect(string figure) => expected.GetProperty(figure).GetInt32();
        Assert.Equal(Expect("modelFiles"), models.Count);
        Assert.Equal(Expect("hckJson"), models.Count(each => each.Model.Path.EndsWith(".hck.json", StringComparison.OrdinalIgnoreCase)));
        Assert.All(models, each => Assert.Equal(ModelStatus.Ready, each.Model.Status));
        Assert.Equal(Expect("bytes"), models.Sum(each => each.Bytes));
        Assert.Equal(Expect("largestBytes"), models.Max(each => each.Bytes));
        Assert.Equal(Expect("distinctModelGuids"), models.Select(each => each.Model.Facts.Text("GUID")).Distinct().Count());
        Assert.Equal(Expect("containers"), models.Sum(each => each.Model.Counts.Containers));
        Assert.Equal(Expect("entities"), models.Sum(each => each.Model.Counts.Entities));
        Assert.Equal(Expect("referenceEntities"), models.Sum(each => each.Model.Counts.ReferenceEntities));
        Assert.Equal(Expect("attributeNodes"), models.Sum(each => each.Model.Counts.AttributeNodes));
        Assert.Equal(Expect("attributes"), models.Sum(each => each.Model.Counts.Attributes));
        Assert.Equal(Expect("attributesResolved"), models.Sum(each => each.Model.Counts.AttributesResolved));
        Assert.Equal(Expect("relationships"), models.Sum(each => each.Model.Counts.Relationships));
        Assert.Equal(Expect("views"), models.Sum(each => each.Model.Counts.Views));
        Assert.Equal(Expect("definitions"), models.Sum(each => each.Model.Counts.Definitions));
        Assert.Equal(
            expected.GetProperty("appTargets").EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetInt32()),
            models.GroupBy(each => each.Model.Target!).ToDictionary(group => group.Key, group => group.Count()));
    }

    [Theory]
    [InlineData("sample-data-models")]
    [InlineData("books")]
    public void Each_listed_file_has_the_expected_figures(string name)
    {
        var models = HackoladeModels(name).ToDictionary(each => each.Model.Path, each => each, StringComparer.Ordinal);
        var rows = FixtureRepositories.Expected(name).GetProperty("files").EnumerateArray().ToList();

        Assert.Equal(20, rows.Count);
        foreach (var row in rows)
        {
            var (model, blob, bytes) = models[row.GetProperty("path").GetString()!];
            var counts = model.Counts;
            Assert.Equal(row.GetProperty("blob").GetString(), blob);
            Assert.Equal(
                row.GetProperty("name").GetString() + "|" + row.GetProperty("appTarget").GetString() + "|" + string.Join(
                    ',',
                    new[] { "bytes", "containers", "entities", "referenceEntities", "attributeNodes", "attributes", "attributesResolved", "relationships", "views", "definitions" }
                        .Select(figure => row.GetProperty(figure).GetInt32())),
                $"{model.Name}|{model.Target}|{bytes},{counts.Containers},{counts.Entities},{counts.ReferenceEntities},{counts.AttributeNodes},{counts.Attributes},{counts.AttributesResolved},{counts.Relationships},{counts.Views},{counts.Definitions}");
        }
    }

    [Theory]
    [InlineData("sample-data-models")]
    [InlineData("books")]
    public void Other_json_is_no_Hackolade_model(string name)
    {
        var tree = repositories.Tree(name).ToDictionary(entry => entry.Path, entry => entry.Blob, StringComparer.Ordinal);
        foreach (var other in FixtureRepositories.Expected(name).GetProperty("atHead").GetProperty("otherJson").EnumerateArray())
        {
            var path = other.GetString()!;
            var model = Reading.Of(path, repositories.Blob(name, tree[path]));
            Assert.NotEqual(ModelFormat.Hackolade, model?.Format);
            if (path.StartsWith("Swagger/", StringComparison.Ordinal))
            {
                Assert.Equal((ModelFormat.OpenApi, "2.0"), (model!.Format, model.TargetVersion));
                Assert.NotEmpty(model.Operations);
            }
            else
            {
                Assert.Null(model);
            }
        }
    }

    [Theory]
    [InlineData("sample-data-models")]
    [InlineData("books")]
    public void Pairs_that_differ_in_form_only_have_one_semantic_digest(string name)
    {
        var expected = FixtureRepositories.Expected(name).GetProperty("history").GetProperty("modifiedByKind");
        var (equal, modified) = (0, 0);
        foreach (var (path, before, after) in ModifiedPairs(name))
        {
            var (old, now) = (Reading.Of(path, repositories.Blob(name, before)), Reading.Of(path, repositories.Blob(name, after)));
            if (old?.Format == ModelFormat.Hackolade && now?.Format == ModelFormat.Hackolade)
            {
                modified++;
                equal += ModelJson.SemanticDigest(old) == ModelJson.SemanticDigest(now) ? 1 : 0;
            }
        }

        int Expect(string kind) => expected.GetProperty(kind).GetInt32();
        Assert.Equal(Expect("formatting") + Expect("cosmetic") + Expect("docs") + Expect("structural") + Expect("unreadable"), modified);
        Assert.Equal(Expect("formatting") + Expect("cosmetic"), equal);
    }

    [Fact]
    public void All_references_of_entities_resolve_and_layouts_are_complete()
    {
        var entities = new[] { "sample-data-models", "books" }.SelectMany(HackoladeModels).SelectMany(each => each.Model.Entities).ToList();

        Assert.Equal(7, entities.Count(entity => entity.ReferenceTo is { Resolved: true }));
        Assert.DoesNotContain(entities, entity => entity.ReferenceTo is { Resolved: false });
        Assert.All(entities, entity => Assert.NotNull(entity.Layout));
    }

    [Fact]
    public void A_path_on_the_authors_computer_is_nowhere_in_what_is_read()
    {
        Assert.All(HackoladeModels("books"), each =>
            Assert.DoesNotContain("C:\\\\", System.Text.Encoding.UTF8.GetString(ModelJson.Serialize(each.Model)), StringComparison.Ordinal));
    }

    private List<(Model Model, string Blob, int Bytes)> HackoladeModels(string name)
    {
        var models = new List<(Model, string, int)>();
        foreach (var (path, blob) in repositories.Tree(name))
        {
            if (ModelCatalog.Recognize(path) is { Kind: ModelKind.File })
            {
                var bytes = repositories.Blob(name, blob);
                if (Reading.Of(path, bytes) is { Format: ModelFormat.Hackolade } model)
                {
                    models.Add((model, blob, bytes.Length));
                }
            }
        }

        return models;
    }

    private IEnumerable<(string Path, string Before, string After)> ModifiedPairs(string name)
    {
        var log = GitCommand.Text(
            repositories.Clone(name), "log", "--first-parent", "--diff-merges=first-parent", "--root", "--no-renames", "--diff-filter=ADM", "--raw", "--no-abbrev", "-z", "--reverse", "--format=");
        var parts = log.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            var (fields, path) = (parts[i].Trim('\n').Split(' '), parts[i + 1]);
            if (fields[4] != "D" && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                if (fields[4] == "M")
                {
                    yield return (path, fields[2], fields[3]);
                }
            }
        }
    }
}
