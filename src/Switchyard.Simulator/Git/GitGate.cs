using System.Text;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Git;

/// <summary>Who may fetch and push, with the status codes and texts of github.com.</summary>
internal sealed class GitGate(World world)
{
    internal sealed record Refusal(int Status, string Text);

    /// <summary>The password of Basic, or the token of Bearer.</summary>
    public static string? Secret(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim()));
                return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
            }
            catch (FormatException)
            {
                return "";
            }
        }

        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
    }

    public Caller Identify(HttpContext http, out TokenVerdict verdict)
    {
        verdict = TokenVerdict.Good;
        var secret = Secret(http);
        if (secret is null)
        {
            return Caller.Anonymous;
        }

        if (secret == world.Options.DeveloperPassword)
        {
            return new Caller(CallerKind.Developer, "developer");
        }

        (verdict, var token) = world.Tokens.Check(secret);
        return token is null ? Caller.Anonymous : new Caller(CallerKind.Token, token.Name, Token: token);
    }

    public Refusal? Check(Caller caller, TokenVerdict verdict, Repository? repository, bool write)
    {
        switch (verdict)
        {
            case TokenVerdict.Unknown or TokenVerdict.Expired:
                return new Refusal(401, "Invalid username or token. Password authentication is not supported for Git operations.");
            case TokenVerdict.TooYoung:
                return world.Faults.Find("tokens.lag")?.Int("gitStatus", 401) == 404
                    ? new Refusal(404, "Repository not found.")
                    : new Refusal(401, "Invalid username or token. Password authentication is not supported for Git operations.");
            case TokenVerdict.Suspended:
                return new Refusal(403, "This installation has been suspended");
            default:
                break;
        }

        if (caller.Kind == CallerKind.Anonymous)
        {
            // Whether a private repository exists is not told to strangers.
            return repository is { Private: false } && !write ? null : new Refusal(401, "Repository not found.");
        }

        if (repository is null || (caller.Token is { } token && (!token.Sees(repository) || world.Repositories.IsHidden(repository) || world.Tokens.Level(token, "contents") is null)))
        {
            return new Refusal(404, "Repository not found.");
        }

        if (!write)
        {
            return null;
        }

        if (repository.Archived)
        {
            return new Refusal(403, "This repository was archived so it is read-only.");
        }

        return caller.Token is null || TokenStore.Permits(world.Tokens.Level(caller.Token, "contents"), "write")
            ? null
            : new Refusal(403, "Write access to repository not granted.");
    }
}
