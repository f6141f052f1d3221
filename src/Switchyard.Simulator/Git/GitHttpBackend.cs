using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Switchyard.Simulator.Git;

/// <summary>Runs <c>git http-backend</c> as a CGI program; request and answer are streamed, nothing is held in memory.</summary>
internal sealed class GitHttpBackend(World world)
{
    public async Task ServeAsync(HttpContext http, string folder, string rest, string user)
    {
        var request = http.Request;
        var environment = new Dictionary<string, string>
        {
            ["GIT_PROJECT_ROOT"] = folder,
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = "/" + rest,
            ["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "",
            ["REQUEST_METHOD"] = request.Method,
            ["REMOTE_USER"] = user,
            ["REMOTE_ADDR"] = "127.0.0.1",
            ["CONTENT_TYPE"] = request.ContentType ?? "",
            ["GIT_COMMITTER_NAME"] = user,
        };
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding)
        {
            environment["HTTP_CONTENT_ENCODING"] = encoding;
        }

        if (request.Headers["Git-Protocol"].ToString() is { Length: > 0 } protocol)
        {
            environment["GIT_PROTOCOL"] = protocol;
        }

        if (request.ContentLength is { } length)
        {
            environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        }

        using var process = world.Git.Start(folder, ["http-backend"], environment);
        await using var registration = http.RequestAborted.Register(() => GitCommand.Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var feeding = FeedAsync(process, request.Body, http.RequestAborted);
        try
        {
            await AnswerAsync(process.StandardOutput.BaseStream, http);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client hung up.
            GitCommand.Kill(process);
        }

        await feeding;
        await process.WaitForExitAsync(CancellationToken.None);
        await errors;
    }

    private static async Task FeedAsync(Process process, Stream body, CancellationToken aborted)
    {
        try
        {
            await body.CopyToAsync(process.StandardInput.BaseStream, aborted);
            process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Either side went away: git ends by itself, or is killed with the request.
        }
    }

    private async Task AnswerAsync(Stream output, HttpContext http)
    {
        var buffer = new byte[65_536];
        var filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await output.ReadAsync(buffer.AsMemory(filled), http.RequestAborted);
            if (read == 0)
            {
                http.Response.StatusCode = 500;
                return;
            }

            filled += read;
        }

        foreach (var line in Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
            {
                http.Response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                http.Response.Headers[name] = value;
            }
        }

        var pace = new GitPace(world, http);
        await pace.WriteAsync(buffer.AsMemory(end + 4, filled - end - 4));
        int count;
        while ((count = await output.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            await pace.WriteAsync(buffer.AsMemory(0, count));
        }
    }
}
