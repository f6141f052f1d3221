using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Switchyard.GitHub.Webhooks;

/// <summary>Walks the JSON once, remembering names of the first three levels only: depth costs nothing.</summary>
internal sealed class EnvelopeReader
{
    private const int Levels = 3;

    private static readonly (byte[] Utf8, string Name)[] Names = Array.ConvertAll(
        (string[])["action", "ref", "before", "after", "created", "deleted", "forced", "hook_id", "installation", "repository", "sender", "organization",
            "id", "name", "full_name", "default_branch", "archived", "login", "type", "owner", "account"],
        name => (Encoding.UTF8.GetBytes(name), name));

    private readonly string?[] path = new string?[Levels];
    private WebhookEnvelope found = new() { IsJson = true };
    private string? owner;
    private string? organization;
    private string? account;

    public WebhookEnvelope Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json.StartsWith("\uFEFF"u8) ? json[3..] : json,
            new JsonReaderOptions { MaxDepth = int.MaxValue, CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartArray)
                {
                    // Nothing of what is looked for lies in a list, and a skipped list is checked all the same.
                    reader.Skip();
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= Levels)
                {
                    if ((path[reader.CurrentDepth - 1] = Known(ref reader)) is null)
                    {
                        reader.Skip();
                    }
                }
                else if (reader.CurrentDepth is > 0 and <= Levels)
                {
                    Take(ref reader, reader.CurrentDepth);
                }
            }
        }
        catch (JsonException)
        {
            return new WebhookEnvelope();
        }

        return found with { OwnerLogin = owner ?? organization ?? account };
    }

    private void Take(ref Utf8JsonReader reader, int depth)
    {
        switch (depth, path[0], path[1], path[2])
        {
            case (1, "action", _, _): found = found with { Action = Text(ref reader) }; break;
            case (1, "ref", _, _): found = found with { Ref = Text(ref reader) }; break;
            case (1, "before", _, _): found = found with { Before = Text(ref reader) }; break;
            case (1, "after", _, _): found = found with { After = Text(ref reader) }; break;
            case (1, "created", _, _): found = found with { Created = Flag(ref reader) }; break;
            case (1, "deleted", _, _): found = found with { Deleted = Flag(ref reader) }; break;
            case (1, "forced", _, _): found = found with { Forced = Flag(ref reader) }; break;
            case (1, "hook_id", _, _): found = found with { HookId = Number(ref reader) }; break;
            case (2, "installation", "id", _): found = found with { InstallationId = Number(ref reader) }; break;
            case (2, "repository", "id", _): found = found with { RepositoryId = Number(ref reader) }; break;
            case (2, "repository", "name", _): found = found with { RepositoryName = Text(ref reader) }; break;
            case (2, "repository", "full_name", _): found = found with { RepositoryFullName = Text(ref reader) }; break;
            case (2, "repository", "default_branch", _): found = found with { DefaultBranch = Text(ref reader) }; break;
            case (2, "repository", "archived", _): found = found with { Archived = Flag(ref reader) }; break;
            case (2, "sender", "login", _): found = found with { SenderLogin = Text(ref reader) }; break;
            case (2, "sender", "type", _): found = found with { SenderType = Text(ref reader) }; break;
            case (2, "organization", "login", _): organization = Text(ref reader); break;
            case (3, "repository", "owner", "login"): owner = Text(ref reader); break;
            case (3, "installation", "account", "login"): account = Text(ref reader); break;
        }
    }

    /// <summary>The name, if it is one of those looked for: most of the hundreds in a payload are not, and need no string.</summary>
    private static string? Known(ref Utf8JsonReader reader)
    {
        var written = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Text(ref reader) ?? "") : reader.ValueSpan;
        foreach (var (utf8, name) in Names)
        {
            if (written.SequenceEqual(utf8))
            {
                return name;
            }
        }

        return null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return null;
        }

        try
        {
            // PostgreSQL has no text with a NUL in it, and no name on GitHub has one.
            return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: a text that cannot be, so it is absent.
            return null;
        }
    }

    private static bool? Flag(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    private static long? Number(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.TryGetInt64(out var value) ? value : null,
        JsonTokenType.String => Utf8Parser.TryParse(reader.ValueSpan, out long value, out var used) && used == reader.ValueSpan.Length ? value : null,
        _ => null,
    };
}
