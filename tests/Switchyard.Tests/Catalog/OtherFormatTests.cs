using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class OtherFormatTests
{
    [Fact]
    public void Onnx_facts_are_read_from_the_beginning()
    {
        // ir_version 8, producer "pytorch" 2.1, model_version 3, graph of 2 bytes, opset 17.
        byte[] bytes =
        [
            0x08, 8, 0x12, 7, .. "pytorch"u8, 0x1A, 3, .. "2.1"u8, 0x28, 3, 0x3A, 2, 0x0A, 0, 0x42, 2, 0x10, 17,
        ];
        var model = Reading.Of("m.onnx", bytes)!;

        Assert.Equal((ModelFormat.Onnx, ModelStatus.Ready, "pytorch"), (model.Format, model.Status, model.Target));
        Assert.Equal(8, model.Facts["irVersion"].GetInt32());
        Assert.Equal("ai.onnx:17", model.Facts["opsets"][0].GetString());
        Assert.Equal(ModelStatus.Ready, Reading.Of("m.onnx", bytes[..20], size: 1_000_000)!.Status);
        Assert.Equal(ModelStatus.Partial, Reading.Of("m.onnx", bytes[..^1])!.Status);
    }

    [Fact]
    public void Protobuf_definitions_are_listed()
    {
        var model = Reading.Of("a/order.proto", """
            // comment with message X {}
            syntax = "proto3";
            package shop.v1; import public "common.proto"; import "google/x.proto";
            option java_package = "message";
            message Order { message Inner {} string enum = 1; }
            enum State { A = 0; }
            service Orders { rpc Get(Order) returns (Order) {} }
            message Second {}
            """)!;

        Assert.Equal((ModelFormat.Protobuf, "order", "shop.v1", "proto3"), (model.Format, model.Name, model.TechnicalName, model.TargetVersion));
        Assert.Equal("[\"Order\",\"Second\"]", model.Facts["messages"].GetRawText());
        Assert.Equal("[\"Orders\"]", model.Facts["services"].GetRawText());
        Assert.Equal(["common.proto", "google/x.proto"], model.Links.Select(link => link.Target));
        Assert.Equal("2023", Reading.Of("e.proto", "edition = \"2023\"; message M {}")!.TargetVersion);
    }

    [Theory]
    [InlineData("CREATE TABLE IF NOT EXISTS shop.orders (id int);", "tables", "shop.orders")]
    [InlineData("create or replace force view [dbo].[V x] as select 1", "views", "dbo.V x")]
    [InlineData("SET x = ';';\nGO\nCREATE GLOBAL TEMPORARY TABLE \"t\" (a int)", "tables", "t")]
    [InlineData("BEGIN; CREATE TABLE t (a int); COMMIT;", "tables", "t")]
    [InlineData("CREATE TYPE mood AS ENUM ('a');", "types", "mood")]
    [InlineData("/* c */ ALTER TABLE ONLY t ADD COLUMN b int;", "altered", "t")]
    [InlineData("CREATE PROCEDURE p AS BEGIN SELECT CASE WHEN 1=1 THEN 2 END; END;\nCREATE TABLE after_it (a int);", "tables", "after_it")]
    public void Sql_that_defines_something_is_a_model(string text, string kind, string name)
    {
        var model = Reading.Of("V1__init.sql", text)!;

        Assert.Equal((ModelFormat.Sql, "V1__init"), (model.Format, model.Name));
        Assert.Equal($"[\"{name}\"]", model.Facts[kind].GetRawText());
    }

    [Fact]
    public void Dbt_projects_properties_and_manifests_are_read()
    {
        var project = Reading.Of("dbt_project.yml", "name: jaffle\nversion: 1.0.0\nprofile: p\nmodel-paths: [models]\n")!;
        Assert.Equal((ModelFormat.Dbt, "jaffle", "1.0.0"), (project.Format, project.Name, project.AuthorVersion));

        var properties = Reading.Of("models/schema.yml", """
            version: 2
            models:
              - name: orders
                description: all orders
                columns: [{name: id, data_type: int, tests: [unique]}]
            sources: [{name: raw, tables: [{name: o, columns: [{name: x}]}]}]
            """)!;
        Assert.Equal(["orders", "o"], properties.Entities.Select(entity => entity.Name));
        Assert.Equal((2, ContainerKind.Schema), (properties.Counts.Attributes, properties.Containers[1].Kind));

        var manifest = Reading.Of("target/manifest.json", """
            {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "project_name": "jaffle", "adapter_type": "duckdb"},
             "nodes": {"model.j.a": {"resource_type": "model", "name": "a", "columns": {"id": {"name": "id", "data_type": "int"}}, "depends_on": {"nodes": ["source.j.r.o"]}}, "test.j.t": {"resource_type": "test"}},
             "sources": {"source.j.r.o": {"resource_type": "source", "name": "o"}}}
            """)!;
        Assert.Equal(("jaffle", "duckdb", 2), (manifest.Name, manifest.Target, manifest.Counts.Entities));
        Assert.Equal(("source.j.r.o", true, "model.j.a"), (manifest.Relationships.Single().From.EntityId, manifest.Relationships.Single().From.Known, manifest.Relationships.Single().To.EntityId));
    }

    [Fact]
    public void Dvc_files_are_read_and_credentials_are_not()
    {
        var tracked = Reading.Of("data/train.csv.dvc", "outs:\n- md5: abc.dir\n  size: 12\n  nfiles: 3\n  path: train.csv\ndeps:\n- path: https://me:secret@host/x\n")!;
        Assert.Equal((ModelFormat.Dvc, "train.csv", "12"), (tracked.Format, tracked.Name, tracked.Facts["outs"][0].GetProperty("size").GetString()));
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(ModelJson.Serialize(tracked)), StringComparison.Ordinal);

        Assert.Equal("[\"train\",\"eval\"]", Reading.Of("dvc.yaml", "stages:\n  train: {cmd: x}\n  eval: {cmd: y}\n")!.Facts["stages"].GetRawText());
        var config = Reading.Of(".dvc/config", "[core]\n    remote = s\n['remote \"s\"']\n    url = s3://b\n    password = secret\n")!;
        Assert.Equal("[\"s\"]", config.Facts["remotes"].GetRawText());
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(ModelJson.Serialize(config)), StringComparison.Ordinal);
    }
}
