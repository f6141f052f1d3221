namespace Switchyard.Catalog.Formats.Protobuf;

/// <summary>Words, quoted texts and single signs of a .proto file, without its comments. The empty token is the end.</summary>
internal ref struct ProtobufTokens(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int at;

    public ReadOnlySpan<char> Next()
    {
        SkipSpace();
        if (at >= text.Length)
        {
            return default;
        }

        var start = at;
        var sign = text[at++];
        if (sign is '"' or '\'')
        {
            while (at < text.Length && text[at] != sign && text[at] != '\n')
            {
                at += text[at] == '\\' ? 2 : 1;
            }

            at = Math.Min(at + 1, text.Length);
        }
        else if (IsWord(sign))
        {
            while (at < text.Length && IsWord(text[at]))
            {
                at++;
            }
        }

        return text[start..at];
    }

    private static bool IsWord(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '.';

    private void SkipSpace()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at..].StartsWith("//"))
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
                return;
            }
        }
    }
}
