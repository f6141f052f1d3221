using System.Globalization;
using System.Text;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>Whatever lies in a repository costs the model it is in, never the Sync.</summary>
public sealed class HostileFileTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Broken_deep_binary_and_odd_files_are_problems_of_their_models(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var deep = new string('[', 100_000) + new string(']', 100_000);
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            ["good.hck.json"] = Encoding.UTF8.GetBytes(Files.Hackolade("Good", "customer")),
            ["empty.hck.json"] = [],
            ["deep.hck.json"] = Encoding.UTF8.GetBytes(deep),
            ["binary.hck.json"] = [0, 255, 254, 1, 2, 3],
            ["conflict.hck.json"] = Encoding.UTF8.GetBytes("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n"),
            ["nul.hck.json"] = Encoding.UTF8.GetBytes(Files.Hackolade("a\\u0000b", "c\\u0000d")),
            ["surrogate.hck.json"] = Encoding.UTF8.GetBytes(Files.Hackolade("x\\ud800y", "z")),
            ["cut.safetensors"] = [9, 0, 0, 0, 0, 0, 0, 0, (byte)'{'],
            ["huge-header.safetensors"] = [255, 255, 255, 255, 0, 0, 0, 0, (byte)'{', 1, 2, 3],
            ["bad.gguf"] = Encoding.ASCII.GetBytes("GGUF\x03\0\0\0\xff\xff\xff\xff"),
            ["bad.onnx"] = [1, 2, 3],
            ["bad.avsc"] = Encoding.UTF8.GetBytes("{"),
            ["yaml/MLmodel"] = Encoding.UTF8.GetBytes("a: &a [*a, *a]\n  : :\n- {"),
            ["big/MLmodel"] = Encoding.UTF8.GetBytes("flavors:\n  x: {}\n# " + new string('x', 2_000_000)),
            ["data.json"] = Encoding.UTF8.GetBytes("[1,2"),
            ["openapi.yaml"] = Encoding.UTF8.GetBytes("openapi: 3.0.0\ninfo: [\n"),
        };
        for (var i = 0; i < 50; i++)
        {
            files[$"noise/{i}.onnx"] = Encoding.ASCII.GetBytes("noise" + i.ToString(CultureInfo.InvariantCulture));
        }

        world.Source.Commit("main", "Hostile", files);
        var sync = await world.SyncAsync();

        Assert.True(sync.Problems > 50);
        Assert.Equal("Ready", await StatusAsync(world, "good.hck.json"));
        foreach (var broken in (string[])["empty.hck.json", "binary.hck.json", "conflict.hck.json", "cut.safetensors", "huge-header.safetensors", "bad.gguf", "bad.onnx", "bad.avsc", "noise/7.onnx"])
        {
            Assert.Contains(await StatusAsync(world, broken), (string[])["Failed", "Partial"]);
        }

        Assert.NotNull(await StatusAsync(world, "deep.hck.json"));
        Assert.NotNull(await StatusAsync(world, "nul.hck.json"));
        Assert.Null(await StatusAsync(world, "data.json"));
        Assert.Contains(await world.ReasonsAsync(), reason => reason.StartsWith("ParseFailed: ", StringComparison.Ordinal) && reason.Contains("could not be read", StringComparison.Ordinal));
        Assert.Equal("Degraded", (await world.RepositoryAsync()).Health);
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }

    [Fact]
    public async Task Of_a_large_binary_model_only_the_header_is_read_and_nothing_is_stored()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        var header = Encoding.UTF8.GetBytes("""{"w":{"dtype":"F32","shape":[1048576,4],"data_offsets":[0,16777216]}}""");
        var model = new byte[8 + header.Length + 16_777_216];
        BitConverter.TryWriteBytes(model, (long)header.Length);
        header.CopyTo(model, 8);
        world.Source.Commit("main", "Weights", new Dictionary<string, byte[]?> { ["w.safetensors"] = model });
        await world.SyncAsync();

        Assert.Equal("Ready", await StatusAsync(world, "w.safetensors"));
        Assert.Equal(model.Length, await world.CountAsync("select size from models where path = 'w.safetensors'"));
        Assert.Equal(0, await world.CountAsync("select count(*) from contents"));
        await world.RequestAsync("full");
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }

    [Fact]
    public async Task A_blobless_mirror_gives_the_same_and_holds_only_the_blobs_of_candidates()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite, options => options.BloblessAboveKb = 10);
        world.SizeKb = 11;
        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        world.Source.Commit("main", "Large", new Dictionary<string, byte[]?> { ["video.mp4"] = large, ["a.hck.json"] = Encoding.UTF8.GetBytes(Files.Hackolade("A", "1")), ["m/MLmodel"] = Encoding.UTF8.GetBytes(Files.MlModel) });
        world.Source.Commit((".switchyardignore", "x*\n"), ("a.hck.json", Files.Hackolade("A", "2")));
        await world.SyncAsync();
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "3")), ("m/conda.yaml", "name: x"));
        await world.SyncAsync();

        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
        var mirror = new DirectoryInfo(world.Mirrors.FolderOf(await world.RepositoryAsync()));
        Assert.InRange(mirror.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 1, 1_000_000);
    }

    private static async Task<string?> StatusAsync(SyncWorld world, string path) =>
        await world.Database.ReadAsync(session => session.FirstAsync<string>("select status from models where path = @path and state = 'Active'", new { path }), CancellationToken.None);
}
