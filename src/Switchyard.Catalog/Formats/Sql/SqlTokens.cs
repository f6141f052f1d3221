namespace Switchyard.Catalog.Formats.Sql;

/// <summary>
/// Words, quoted names and signs of an SQL script, without comments and texts: '..', $tag$..$tag$. The empty token is the end.
/// </summary>
internal ref struct SqlTokens(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int at;

    public ReadOnlySpan<char> Next()
    {
        while (SkipSpace())
        {
            var start = at;
            var sign = text[at++];
            switch (sign)
            {
                case '\'':
                    SkipTo('\'');
                    continue;
                case '$' when DollarQuote():
                    continue;
                case '"' or '`':
                    SkipTo(sign);
                    return text[start..at];
                case '[':
                    SkipTo(']');
                    return text[start..at];
                case '{' when at < text.Length && text[at] is '{' or '%':
                    at++;
                    return text[start..at];
                default:
                    while (IsWord(sign) && at < text.Length && IsWord(text[at]))
                    {
                        at++;
                    }

                    return text[start..at];
            }
        }

        return default;
    }

    private static bool IsWord(char sign) => char.IsLetterOrDigit(sign) || sign is '_' or '#' or '@';

    /// <summary>Passes over white space and comments; false at the end.</summary>
    private bool SkipSpace()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at..].StartsWith("--"))
            {
                var end = text[at..].IndexOf('\n');
                at = end < 0 ? text.Length : at + end;
            }
            else if (text[at..].StartsWith("/*"))
            {
                var end = text[(at + 2)..].IndexOf("*/");
                at = end < 0 ? text.Length : at + end + 4;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Passes over the closing quote; a doubled one is part of the text.</summary>
    private void SkipTo(char quote)
    {
        while (at < text.Length)
        {
            var end = text[at..].IndexOf(quote);
            at = end < 0 ? text.Length : at + end + 1;
            if (at >= text.Length || text[at] != quote)
            {
                return;
            }

            at++;
        }
    }

    /// <summary>Passes over $tag$ .. $tag$ (PostgreSQL), standing behind the first $.</summary>
    private bool DollarQuote()
    {
        var end = at;
        while (end < text.Length && end - at < 64 && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        if (end >= text.Length || text[end] != '$')
        {
            return false;
        }

        var tag = text[(at - 1)..(end + 1)];
        var close = text[(end + 1)..].IndexOf(tag);
        at = close < 0 ? text.Length : end + 1 + close + tag.Length;
        return true;
    }
}
