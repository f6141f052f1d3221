using System.Diagnostics;
using System.Globalization;
using System.Text;
using Switchyard.GitHub;
using Switchyard.GitHub.Git;
using Xunit;

namespace Switchyard.Tests.GitHub.Git;

public sealed class GitSecretTests
{
    [Fact]
    public async Task A_token_is_found_nowhere_on_disk_in_no_argument_and_in_no_error()
    {
        var log = Path.Combine(Path.GetTempPath(), $"switchyard-argv-{Guid.NewGuid():N}");
        Directory.CreateDirectory(log);
        try
        {
            await using var world = await GitWorld.StartAsync(new GitOptions { GitPath = Wrapper(log) });
            var head = world.Source.Commit("main", "a.json", "1");
            var running = "";
            world.Server.Before = _ =>
            {
                // While git and its helpers wait for the answer.
                running += CommandLines();
                return Task.FromResult(false);
            };
            await world.FetchAsync(GitDepth.Blobless);
            await GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, [], world.Options);
            var oid = (await world.Mirror.ListTreeAsync(head).SingleAsync()).Oid;
            await world.Mirror.FetchBlobsAsync([oid], world.Remote, GitWorld.GiveToken);
            await using (var blobs = world.Mirror.OpenBlobs())
            {
                await blobs.ReadAsync(oid, 10);
            }

            world.Server.Token = "another";
            var refused = await Assert.ThrowsAsync<GitException>(() => world.FetchAsync(GitDepth.Blobless));

            var seen = string.Concat(Directory.GetFiles(log, "argv-*").Select(File.ReadAllText)) + running + refused;
            foreach (var file in Directory.EnumerateFiles(world.Mirror.Location, "*", SearchOption.AllDirectories))
            {
                seen += Encoding.Latin1.GetString(File.ReadAllBytes(file));
            }

            Assert.Contains("upload-pack", string.Concat(world.Server.Requests.Select(request => request.Path)), StringComparison.Ordinal);
            Assert.Contains("cat-file", seen, StringComparison.Ordinal);
            Assert.Contains("remote-http", seen, StringComparison.Ordinal);
            foreach (var secret in (string[])[GitWorld.Token, Redaction.Basic(GitWorld.Token), GitWorld.Token[..20], "x-access-token"])
            {
                Assert.DoesNotContain(secret, seen, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("127.0.0.1", File.ReadAllText(Path.Combine(world.Mirror.Location, "config")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(log, recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_of_the_machine_gets_into_git()
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-env-").FullName;
        try
        {
            var script = Path.Combine(folder, "git");
            await File.WriteAllTextAsync(script, $"#!/bin/sh\nenv > '{folder}/env'\nexec git \"$@\"\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await using var world = await GitWorld.StartAsync(new GitOptions { GitPath = script });
            world.Source.Commit("main", "a.json", "1");
            await world.FetchAsync();
            await world.Mirror.ResolveAsync("main");

            var variables = await File.ReadAllLinesAsync(Path.Combine(folder, "env"));
            Assert.Contains("GIT_CONFIG_GLOBAL=/dev/null", variables);
            Assert.Contains("GIT_CONFIG_NOSYSTEM=1", variables);
            Assert.Contains("GIT_TERMINAL_PROMPT=0", variables);
            Assert.Contains("GIT_NO_LAZY_FETCH=1", variables);
            Assert.DoesNotContain(variables, line => line.Contains("extraHeader", StringComparison.Ordinal));
            Assert.False(Directory.Exists(Path.Combine(world.Mirror.Location, "hooks")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Variables_of_this_process_are_not_handed_on()
    {
        var start = new ProcessStartInfo("git");
        foreach (var (name, value) in ((string, string)[])[("GIT_TRACE", "1"), ("GIT_DIR", "/x"), ("GIT_SSH_COMMAND", "evil"), ("SWITCHYARD_VAULT_KEY", "geheim"), ("HOME", "/home/ann"), ("https_proxy", "http://proxy.test")])
        {
            start.Environment[name] = value;
        }

        GitEnvironment.Fill(start, new GitOptions(), null, null);

        Assert.DoesNotContain(start.Environment.Keys, name => name is "GIT_TRACE" or "GIT_SSH_COMMAND" or "SWITCHYARD_VAULT_KEY");
        Assert.Equal(("/dev/null", "/dev/null", "http://proxy.test"), (start.Environment["HOME"], start.Environment["GIT_DIR"], start.Environment["https_proxy"]));
    }

    [Fact]
    public void The_environment_for_git_adds_to_what_is_there()
    {
        var environment = GitCredential.Environment(new Uri("https://github.com/acme/models.git"), "abc", existingCount: 2);

        Assert.Equal(3, environment.Count);
        Assert.Equal("3", environment["GIT_CONFIG_COUNT"]);
        Assert.Equal("http.https://github.com/.extraHeader", environment["GIT_CONFIG_KEY_2"]);
        Assert.Equal("Authorization: Basic eC1hY2Nlc3MtdG9rZW46YWJj", environment["GIT_CONFIG_VALUE_2"]);
    }

    [Theory]
    [InlineData("fatal: unable to access 'https://x-access-token:abc@github.com/a.git/'")]
    [InlineData("token ghs_0123456789abcdefghijABCDEFGHIJ012345 was refused")]
    [InlineData("token ghs_1234_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhcHAifQ.c2lnbmF0-dXJl_x refused")]
    [InlineData("github_pat_11ABCDEFG0123456789_abcdefghijklmnop")]
    [InlineData("=> Send header: Authorization: Basic eC1hY2Nlc3MtdG9rZW46YWJj")]
    [InlineData("Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhcHAifQ.c2lnbmF0dXJl")]
    public void Secrets_are_taken_out_of_what_others_say(string text)
    {
        var scrubbed = Redaction.Scrub(text);

        Assert.Contains("***", scrubbed, StringComparison.Ordinal);
        foreach (var part in (string[])["abc@", "ABCDEFGHIJ012345", "c2lnbmF0", "ghijklmnop", "eC1hY2"])
        {
            Assert.DoesNotContain(part, scrubbed, StringComparison.Ordinal);
        }
    }

    /// <summary>The command lines of all processes, as anybody on the machine can read them.</summary>
    /// <summary>The arguments of all that this process has started, and of what that has; others on the machine have secrets of their own.</summary>
    private static string CommandLines()
    {
        var processes = new Dictionary<int, (int Parent, string Line)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // The parent is the second field behind the name, which stands in brackets and may hold anything: proc(5).
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var parent = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
                var line = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cmdline"))).Replace('\0', ' ');
                processes[int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)] = (parent, line);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return string.Join('\n', processes.Where(process => IsOurs(process.Key)).Select(process => process.Value.Line));

        bool IsOurs(int id) => processes.TryGetValue(id, out var process) && (process.Parent == Environment.ProcessId || IsOurs(process.Parent));
    }

    /// <summary>A git that notes its arguments.</summary>
    private static string Wrapper(string log)
    {
        var script = Path.Combine(log, "git");
        File.WriteAllText(
            script,
            $$"""
            #!/bin/sh
            printf '%s\n' "$@" > '{{log}}/argv-'$$
            exec git "$@"
            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }
}
