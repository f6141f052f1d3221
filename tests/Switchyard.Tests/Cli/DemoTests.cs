using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>The real executable: simulator, server, manifest, install, deliveries, git, versions.</summary>
public sealed class DemoTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "switchyard");

    [Fact]
    public async Task Without_arguments_the_samples_are_mirrored_and_nothing_stays_behind()
    {
        using var scratch = new Scratch();
        using var demo = Start(scratch, "demo", "--once", "--json");

        demo.BeginErrorReadLine();
        var output = await demo.StandardOutput.ReadToEndAsync();
        await demo.WaitForExitAsync();

        Assert.Equal(ExitCode.Ok, demo.ExitCode);
        var shop = Repository(JsonNode.Parse(output)!, "acme/shop-models");
        Assert.Equal("Synced", shop["status"]!.ToString());
        Assert.Equal(
            """{"models":1,"versions":6,"containers":1,"entities":4,"attributes":23,"relationships":3,"views":1}""", shop["formats"]!["hackolade"]!.ToJsonString());
        Assert.Equal(["avro", "jsonschema", "openapi"], Repository(JsonNode.Parse(output)!, "acme/event-schemas")["formats"]!.AsObject().Select(format => format.Key));
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public async Task The_figures_of_real_repositories_are_those_that_were_counted_by_other_means()
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(SharedFolder.Require("fixtures/models/expected.json")))!;
        using var scratch = new Scratch();
        using var demo = Start(
            scratch,
            "demo", "--once", "--json",
            "--repository", "hackolade/sample-data-models=" + SharedFolder.Require("fixtures/models/sample-data-models.bundle"),
            "--repository", "hackolade/books=" + SharedFolder.Require("fixtures/models/books.bundle"));

        demo.BeginErrorReadLine();
        var output = JsonNode.Parse(await demo.StandardOutput.ReadToEndAsync())!;

        foreach (var repository in expected["repositories"]!.AsArray())
        {
            var found = Repository(output, repository!["repository"]!.ToString());
            var head = repository["atHead"]!;
            Assert.Equal(repository["head"]!.ToString(), found["head"]!.ToString());
            Assert.Equal(
                new[] { head["modelFiles"], repository["history"]!["versions"], head["containers"], head["entities"], head["attributesResolved"], head["relationships"], head["views"] }.Select(figure => figure!.ToString()),
                found["formats"]!["hackolade"]!.AsObject().Select(figure => figure.Value!.ToString()));
        }
    }

    [Fact]
    public async Task Left_running_it_takes_a_push_and_ends_at_a_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are those of Unix.");
        using var scratch = new Scratch();
        using var demo = Start(scratch, "demo", "--json", "--port", "0", "--simulator-port", "0", "--data", Path.Combine(scratch.Folder, "data"));
        demo.BeginErrorReadLine();
        var greeting = JsonNode.Parse(await ReadValueAsync(demo.StandardOutput))!;
        var run = new CommandRun { Folder = scratch.Folder, ["SWITCHYARD_URL"] = greeting["url"]!.ToString(), ["SWITCHYARD_TOKEN"] = greeting["token"]!.ToString() };
        var remote = new UriBuilder(new Uri(new Uri(greeting["gitHub"]!.ToString()), "acme/shop-models.git")) { UserName = "developer", Password = "developer" }.Uri.AbsoluteUri;
        var clone = Path.Combine(scratch.Folder, "clone");
        await GitAsync(scratch.Folder, "clone", "--quiet", remote, clone);
        await File.WriteAllTextAsync(Path.Combine(clone, "extra.avsc"), """{"type":"record","name":"Extra","fields":[{"name":"a","type":"int"}]}""");
        await GitAsync(clone, "add", ".");
        await GitAsync(clone, "-c", "user.name=A", "-c", "user.email=a@b.test", "commit", "--quiet", "-m", "One more");
        await GitAsync(clone, "push", "--quiet");

        CommandOutcome found;
        do
        {
            found = await run.RunAsync("model", "view", "acme/shop-models/extra.avsc", "--json", "name,versionCount");
        }
        while (found.Code == ExitCode.NotFound || found.OutJson["versionCount"]!.ToString() == "0");

        Assert.Equal("""{"name":"Extra","versionCount":1}""", found.OutJson.ToJsonString());
        Process.Start("kill", ["-INT", demo.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).Dispose();
        await demo.WaitForExitAsync();
        Assert.Equal(ExitCode.Ok, demo.ExitCode);
        Assert.Equal(["clone", "data"], Directory.GetFileSystemEntries(scratch.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_data_folder_in_use_is_not_taken()
    {
        using var scratch = new Scratch();
        scratch.Write("something", "");

        var outcome = await new CommandRun().RunAsync("demo", "--once", "--data", scratch.Folder);

        Assert.Equal(ExitCode.Conflict, outcome.Code);
    }

    [Theory]
    [InlineData("demo", "--port", "--simulator-port")]
    [InlineData("demo", "--simulator-port", "--port")]
    [InlineData("simulator", "--port", null)]
    public async Task A_port_that_is_taken_is_named_with_the_option_and_nothing_stays_behind(string command, string option, string? other)
    {
        await using var there = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        var port = new Uri(there.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var demo = Start(scratch, [command, "--repository", "acme/a=.", option, port, .. other is null ? (string[])[] : [other, "0"], "--quiet"]);

        var said = await demo.StandardError.ReadToEndAsync();
        await demo.WaitForExitAsync();

        Assert.Equal(ExitCode.Conflict, demo.ExitCode);
        Assert.Contains(port, said, StringComparison.Ordinal);
        Assert.Contains($"switchyard {command} --repository acme/a=. --quiet --port 0{(other is null ? "" : " --simulator-port 0")}\n", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public async Task A_port_that_is_taken_leaves_the_data_folder_empty_for_the_next_attempt()
    {
        await using var there = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "files"));
        scratch.Write("files/a.txt", "a");

        var taken = await new CommandRun { Folder = scratch.Folder }.RunAsync("demo", "--once", "--quiet", "--repository", "acme/a=files", "--data", "data", "--port", new Uri(there.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(ExitCode.Conflict, taken.Code);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(scratch.Folder, "data")));
    }

    [Theory]
    [InlineData("/proc/foo", "The data folder /proc/foo cannot be made.")]
    [InlineData("/etc/hostname", "The data folder /etc/hostname is a file.")]
    public async Task A_data_folder_that_cannot_be_made_is_told_in_a_sentence_and_nothing_stays_behind(string folder, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These are folders of Linux.");
        using var scratch = new Scratch();
        using var demo = Start(scratch, "demo", "--once", "--data", folder);

        var said = await demo.StandardError.ReadToEndAsync();
        await demo.WaitForExitAsync();
        var serve = await new CommandRun().RunAsync("serve", "--data", folder, "--url", "http://127.0.0.1:0");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (demo.ExitCode, serve.Code));
        Assert.StartsWith("switchyard: " + sentence, said, StringComparison.Ordinal);
        Assert.Equal(said, serve.Error);
        Assert.Contains("--data", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Theory]
    [InlineData("text.txt")]
    [InlineData("missing")]
    public async Task A_source_that_is_none_is_named_with_what_is_taken(string name)
    {
        using var scratch = new Scratch();
        scratch.Write("text.txt", "not a bundle");

        foreach (var command in (string[])["demo", "simulator"])
        {
            var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync(
                [command, .. command == "demo" ? (string[])["--once"] : ["--port", "0"], "--repository", "acme/x=" + name]);

            Assert.Equal(ExitCode.Usage, outcome.Code);
            Assert.Contains(Path.Combine(scratch.Folder, name), outcome.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"paths":{}}""")]
    public async Task A_file_that_does_not_describe_GitHub_is_refused(string text)
    {
        using var scratch = new Scratch();
        scratch.Write("openapi.json", text);

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("simulator", "--port", "0", "--openapi", "openapi.json");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("openapi.json is not GitHub's OpenAPI description", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_that_runs_out_ends_with_6_and_JSON_where_it_was_asked_for()
    {
        using var scratch = new Scratch();
        // Too large an ignore file: it is never synchronized.
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "files"));
        scratch.Write("files/.switchyardignore", new string('\n', 2_000_000));

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("demo", "--once", "--json", "--quiet", "--timeout", "1s", "--repository", "acme/x=files");

        Assert.Equal(ExitCode.TimedOut, outcome.Code);
        Assert.Contains("acme/x", outcome.ErrorJson["detail"]!.ToString(), StringComparison.Ordinal);
    }

    private static JsonNode Repository(JsonNode summary, string name) =>
        summary["repositories"]!.AsArray().Single(repository => repository!["fullName"]!.ToString() == name)!;

    /// <summary>With its temporary files in a folder that is looked into afterwards.</summary>
    private static Process Start(Scratch scratch, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program) { WorkingDirectory = scratch.Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["TMPDIR"] = scratch.Folder;
        // Diagnostics of the runtime would put a socket there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        return process;
    }

    private static async Task<string> ReadValueAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
            text.AppendLine(line);
        }
        while (line is not null and not "}");
        return text.ToString();
    }

    private static async Task GitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var git = Process.Start(start)!;
        var error = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.True(git.ExitCode == 0, error);
    }
}
