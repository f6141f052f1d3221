using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Sql;

/// <summary>Tells a script that defines tables, views or types from queries, seed data and procedures, and lists what it defines.</summary>
internal static class SqlReader
{
    private const int MaxNames = 1000;
    private const int MaxWords = 8;

    /// <summary>Null for scripts that define nothing, and for templates (dbt models).</summary>
    public static Model? Read(ModelFile file, ReadingContext context)
    {
        var bytes = file.Bytes.Length > Bounds.SqlBytes ? file.Bytes[..Bounds.SqlBytes] : file.Bytes;
        if (PlainText.Decode(bytes) is not { } text)
        {
            return null;
        }

        var found = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var tokens = new SqlTokens(text);
        var (depth, atStart) = (0, true);
        var token = tokens.Next();
        while (token.Length > 0)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (token is "{{" or "{%")
            {
                return null;
            }

            if (atStart && depth == 0 && (Is(token, "CREATE") || Is(token, "ALTER")))
            {
                TakeStatement(ref tokens, ref token, found);
                atStart = false;
                continue;
            }

            atStart = (atStart && token is "(") || token is ";" || Is(token, "GO");
            var opens = Is(token, "BEGIN") || (depth > 0 && Is(token, "CASE"));
            var closes = depth > 0 && Is(token, "END");
            token = tokens.Next();
            depth += opens && !OpensTransaction(token) ? 1 : closes && !ClosesStatement(token) ? -1 : 0;
        }

        return found.Count == 0 ? null : Describe(file, found, context);
    }

    private static bool OpensTransaction(ReadOnlySpan<char> after) =>
        after is ";" || Is(after, "TRANSACTION") || Is(after, "TRAN") || Is(after, "WORK");

    /// <summary>END IF, END LOOP, END WHILE close what is not counted as a block.</summary>
    private static bool ClosesStatement(ReadOnlySpan<char> after) => Is(after, "IF") || Is(after, "LOOP") || Is(after, "WHILE") || Is(after, "REPEAT");

    private static Model Describe(ModelFile file, SortedDictionary<string, List<string>> found, ReadingContext context)
    {
        if (file.Size > Bounds.SqlBytes)
        {
            context.Cut(ProblemCode.TooLarge, $"The script has {file.Size} bytes; the first {Bounds.SqlBytes} are read.");
        }

        var facts = new FactList();
        foreach (var (kind, names) in found)
        {
            facts.Add(kind, names);
        }

        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Sql,
            Name = FailedModel.NameOf(file.Path),
            Target = "SQL",
            Status = context.Status,
            Facts = facts.ToFields(),
            Problems = context.Problems,
        };
    }

    /// <summary>Reads CREATE [OR REPLACE] [..] TABLE|VIEW|TYPE name, or ALTER TABLE name; leaves the first token behind.</summary>
    private static void TakeStatement(ref SqlTokens tokens, ref ReadOnlySpan<char> token, SortedDictionary<string, List<string>> found)
    {
        var alters = Is(token, "ALTER");
        token = tokens.Next();
        for (var i = 0; i < MaxWords && token.Length > 0 && char.IsAsciiLetter(token[0]); i++)
        {
            var kind = Is(token, "TABLE") ? (alters ? "altered" : "tables")
                : alters ? null
                : Is(token, "VIEW") ? "views"
                : Is(token, "TYPE") ? "types"
                : null;
            if (kind is not null)
            {
                Add(found, kind, NameAfter(ref tokens, ref token));
                return;
            }

            if (alters || Is(token, "PROCEDURE") || Is(token, "PROC") || Is(token, "FUNCTION") || Is(token, "TRIGGER") || Is(token, "INDEX") || Is(token, "PACKAGE"))
            {
                return;
            }

            token = tokens.Next();
        }
    }

    private static string NameAfter(ref SqlTokens tokens, ref ReadOnlySpan<char> token)
    {
        token = tokens.Next();
        while (Is(token, "IF") || Is(token, "NOT") || Is(token, "EXISTS") || Is(token, "ONLY") || Is(token, "BODY"))
        {
            token = tokens.Next();
        }

        var name = new System.Text.StringBuilder();
        while (token.Length > 0 && token is not ("(" or ";") && name.Length < 512)
        {
            name.Append(token.Trim("\"`[]"));
            token = tokens.Next();
            if (token is not ".")
            {
                break;
            }

            name.Append('.');
            token = tokens.Next();
        }

        return name.ToString();
    }

    private static void Add(SortedDictionary<string, List<string>> found, string kind, string name)
    {
        if (!found.TryGetValue(kind, out var names))
        {
            found[kind] = names = [];
        }

        if (names.Count < MaxNames && name.Length > 0)
        {
            names.Add(name);
        }
    }

    private static bool Is(ReadOnlySpan<char> token, string word) => token.Equals(word, StringComparison.OrdinalIgnoreCase);
}
