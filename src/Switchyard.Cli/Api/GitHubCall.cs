using System.Text;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Api;

/// <summary>
/// A raw call to GitHub. <c>/app...</c> goes out as the App; anything else with a token of the installation that the path
/// is about.
/// </summary>
internal static class GitHubCall
{
    public static async Task<int> RunAsync(Invocation run, GitHubAccess access, HttpMethod method, string path, byte[]? content, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>? body = content is null ? null : content;
        var response = access.IsApp && IsForApp(path)
            ? await access.Connection.App.SendAsync(method.Method, path, body, cancellation)
            : await (await ApiAsync(access, path, cancellation)).SendAsync(method.Method, path, body, cancellation);
        var code = ExitCode.FromStatus(response.Status);
        if (code == ExitCode.Ok)
        {
            RawOutput.Write(run.Terminal, response.Body.ToArray());
            return code;
        }

        throw response.Status == 404 && path.Split('?')[0].Trim('/') == "app" && access.IsApp
            ? access.UnknownApp("to GET /app")
            : new CommandProblem(code, "GitHub" + response.Status, Explain(access, method, path, response));
    }

    private static async Task<InstallationApi> ApiAsync(GitHubAccess access, string path, CancellationToken cancellation)
    {
        if (!access.IsApp)
        {
            return access.Connection.Token();
        }

        var installation = access.InstallationId ?? path.Split('?')[0].Trim('/').Split('/') switch
        {
            ["repos", var owner, var repository, ..] => await access.InstallationOfAsync(owner, repository, cancellation),
            ["orgs" or "users", var owner, ..] => await access.InstallationOfAsync(owner, null, cancellation),
            _ => null,
        };
        return access.Connection.Installation(
            installation ?? throw CommandProblem.Usage(
                $"{path} does not tell which installation is meant. Add --installation-id ID.", new NextStep("Installations and their ids", Command: "switchyard api GET /app/installations --github")),
            TokenScope.All);
    }

    private static bool IsForApp(string path) => path.TrimStart('/').Split('?')[0].Split('/')[0] is "app" or "app-manifests" || path.EndsWith("/installation", StringComparison.Ordinal);

    private static string Explain(GitHubAccess access, HttpMethod method, string path, RawResponse response)
    {
        var said = string.Join(' ', Encoding.UTF8.GetString(response.Body.Span).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var text = $"GitHub answered {response.Status} to {method} {path}: {(said.Length > 2000 ? said[..2000] + "..." : said)}";
        if (response.Headers.FirstOrDefault(header => header.Key.Equals("x-accepted-github-permissions", StringComparison.OrdinalIgnoreCase)).Value is { } needed && response.Status is 403 or 404)
        {
            text += $" Enough would be: {needed}.";
        }

        return access.IsAutomatic && response.Status is 403 or 404
            ? text + " The automatic GITHUB_TOKEN of Actions reaches its own repository only."
            : text;
    }
}
