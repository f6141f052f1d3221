using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Git;

/// <summary>Makes commits from files given as JSON, many in one run of <c>git fast-import</c>.</summary>
internal sealed class GitWriter(World world)
{
    /// <summary>
    /// <c>{branch, parent?, force?, commits: [{message, files}]}</c>, or one commit's fields at the top.
    /// A file is text, <c>{"base64": ...}</c>, <c>{"symlink": target}</c>, or null to delete it. Parent <c>none</c> begins a new root.
    /// </summary>
    /// <returns>The new tip.</returns>
    public async Task<string> CommitAsync(Repository repository, JsonObject request, CancellationToken cancellationToken)
    {
        var branch = request["branch"]?.ToString() ?? repository.DefaultBranch;
        var reader = new GitReader(world.Git, repository.Folder);
        var parent = request["parent"]?.ToString() switch
        {
            "none" => null,
            { } given => (await reader.ResolveAsync(given, "^{commit}", cancellationToken))?.Sha
                ?? throw new ArgumentException($"The parent {given} is no commit of {repository.FullName}."),
            null => (await reader.FirstAsync([$"refs/heads/{branch}", $"refs/heads/{repository.DefaultBranch}"], cancellationToken))?.Sha,
        };

        using var stream = new MemoryStream();
        var commits = request["commits"] as JsonArray ?? [request.DeepClone()];
        for (var i = 0; i < commits.Count; i++)
        {
            Write(stream, branch, commits[i]!.AsObject(), i == 0 ? parent : null);
        }

        string[] arguments = request["force"]?.GetValue<bool>() == true ? ["fast-import", "--quiet", "--force"] : ["fast-import", "--quiet"];
        var (exit, _, error) = await world.Git.TryAsync(repository.Folder, arguments, cancellationToken, stream.ToArray());
        if (exit != 0)
        {
            throw new ArgumentException($"git refused the commit: {error.Trim()}");
        }

        return (await reader.FirstAsync([$"refs/heads/{branch}"], cancellationToken))!.Sha;
    }

    private void Write(Stream stream, string branch, JsonObject commit, string? parent)
    {
        var when = DateTimeOffset.TryParse(commit["date"]?.ToString(), out var given) ? given : world.Clock.Now;
        var author = commit["author"]?.ToString() ?? world.Options.DeveloperLogin;
        var person = $"{author} <{author.Replace(' ', '.')}@example.test> {when.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000";
        Text(stream, $"commit refs/heads/{branch}\nauthor {person}\ncommitter {person}\n");
        Data(stream, Encoding.UTF8.GetBytes(commit["message"]?.ToString() ?? "Change files"));
        if (parent is not null)
        {
            Text(stream, $"from {parent}\n");
        }

        foreach (var (path, file) in commit["files"] as JsonObject ?? [])
        {
            if (file is null)
            {
                Text(stream, $"D {Quote(path)}\n");
                continue;
            }

            var (mode, bytes) = Content(file);
            Text(stream, $"M {mode} inline {Quote(path)}\n");
            Data(stream, bytes);
        }

        Text(stream, "\n");
    }

    private static (string Mode, byte[] Bytes) Content(JsonNode file) => file switch
    {
        JsonObject { } json when json["base64"] is { } base64 => ("100644", Convert.FromBase64String(base64.ToString())),
        JsonObject { } json when json["symlink"] is { } target => ("120000", Encoding.UTF8.GetBytes(target.ToString())),
        JsonValue value => ("100644", Encoding.UTF8.GetBytes(value.ToString())),
        _ => throw new ArgumentException("A file is a text, {\"base64\": ...}, {\"symlink\": ...} or null."),
    };

    private static string Quote(string path) =>
        $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static void Text(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private static void Data(Stream stream, byte[] bytes)
    {
        Text(stream, $"data {bytes.Length.ToString(CultureInfo.InvariantCulture)}\n");
        stream.Write(bytes);
        Text(stream, "\n");
    }
}
