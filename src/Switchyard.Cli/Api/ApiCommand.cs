using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;

namespace Switchyard.Cli.Api;

/// <summary>A raw call: to our API, or with <c>--github</c> (or an App on the command line) to GitHub.</summary>
internal sealed class ApiCommand : Command
{
    public const string GitHub = "--github";

    /// <summary>What a bare <c>--github</c> is bound to, since the parser would bind it to the word behind it.</summary>
    public const string NoProvider = "*";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private readonly Argument<string> method = new("method") { Description = "GET, POST, PUT, PATCH or DELETE" };
    private readonly Argument<string> path = new("path") { Description = "/api/v1/... of the server, or a path of GitHub's API" };
    private readonly ApiBody body = new();
    private readonly Option<string?> provider = new(GitHub)
    {
        Description = "Call GitHub instead, with the App or token given; PROVIDER is a provider of the server whose host is meant",
        HelpName = "PROVIDER",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print what would be sent, and send nothing" };
    private readonly GitHubOptions github = new();

    public ApiCommand(Shell shell)
        : base("api", "A raw call to the server's API, or to GitHub's")
    {
        method.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Methods);
        Add(method);
        Add(path);
        body.AddTo(this);
        Add(provider);
        Add(dryRun);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    /// <summary>Whether the word is the method or the path, and so no provider.</summary>
    public static bool IsOwnArgument(string word) => word.StartsWith('/') || Methods.Contains(word, StringComparer.OrdinalIgnoreCase);

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var verb = new HttpMethod(run.Get(method)!.ToUpperInvariant());
        var target = run.Get(path)!;
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https")
        {
            throw CommandProblem.Usage("Give the path alone: the host is that of the server (--server), or of GitHub (--github, --api-url).");
        }

        var (query, content) = await body.ReadAsync(run, verb, cancellation);
        target += query.Length == 0 ? "" : (target.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;
        if (run.Get(dryRun))
        {
            run.Terminal.Out.Write($"{verb} {target}\n{(content is null ? "" : Encoding.UTF8.GetString(content) + "\n")}");
            return ExitCode.Ok;
        }

        if (run.Has(provider) || github.NamesApp(run))
        {
            var host = run.Get(provider) is { } slug and not NoProvider && !github.NamesHost(run) ? await HostOfAsync(run, slug, cancellation) : github.Host(run);
            using var access = await github.OpenAsync(run, host, cancellation);
            return await GitHubCall.RunAsync(run, access, verb, target, content, cancellation);
        }

        using var request = content is null ? null : new ByteArrayContent(content);
        request?.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await run.Server.SendAsync(verb, target, request, cancellation);
        await run.Terminal.Out.FlushAsync(cancellation);
        RawOutput.Write(run.Terminal, await response.Content.ReadAsByteArrayAsync(cancellation));
        return ExitCode.Ok;
    }

    /// <summary>The server tells where its providers are; their keys it tells nobody.</summary>
    private static async Task<GitHubHost> HostOfAsync(Invocation run, string slug, CancellationToken cancellation)
    {
        var found = await run.Server.GetAsync("api/v1/providers/" + Uri.EscapeDataString(slug), cancellation);
        return GitHubHost.Parse(Members.At(found, "apiUrl"), Members.At(found, "webUrl"));
    }
}
