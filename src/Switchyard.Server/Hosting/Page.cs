using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Switchyard.Server.Hosting;

/// <summary>One page of a list. <c>nextCursor</c> is null on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long Total);

/// <summary>How a list was asked for: <c>?limit=50&amp;cursor=...</c></summary>
public sealed class PageRequest
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>Rows wanted, from 1 to 500; 50 where nothing is said.</summary>
    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>The sort key of the last row of the page before; null for the first page.</summary>
    public string? After { get; private init; }

    /// <summary>The numeric sort key of the last row of the page before.</summary>
    public long? AfterId => long.TryParse(After, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Bound by minimal APIs from the query string.</summary>
    public static ValueTask<PageRequest> BindAsync(HttpContext context)
    {
        var limit = int.TryParse(context.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultLimit;
        return ValueTask.FromResult(new PageRequest { Limit = Math.Clamp(limit, 1, MaxLimit), After = Decode(context.Request.Query["cursor"].ToString()) });
    }

    /// <summary>Makes the page of rows that were read with a limit one higher than asked for.</summary>
    public Page<TItem> ToPage<TRow, TItem>(HttpContext context, IReadOnlyList<TRow> rows, long total, Func<TRow, string> key, Func<TRow, TItem> show)
    {
        var more = rows.Count > Limit;
        var kept = more ? rows.Take(Limit).ToList() : rows;
        var next = more ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(key(kept[^1]))) : null;
        if (next is not null)
        {
            var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
            query["cursor"] = next;
            context.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(context.Request.Path, query)}>; rel=\"next\"";
        }

        return new Page<TItem>([.. kept.Select(show)], next, total);
    }

    private static string? Decode(string cursor)
    {
        try
        {
            return cursor.Length == 0 ? null : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
