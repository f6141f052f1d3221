using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Hosting;

/// <summary>One page of a list. <c>nextCursor</c> is null on the last one.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long Total);

/// <summary>How a list was asked for: <c>?limit=50&amp;cursor=...&amp;sort=...</c></summary>
public sealed class PageRequest
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>The parameters of every list.</summary>
    internal static readonly string[] Names = ["limit", "cursor", "sort"];

    private string sort = "";

    /// <summary>Rows wanted, from 1 to 500; 50 where nothing is said.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>The sort key of the last row of the page before; null for the first page.</summary>
    public string? After { get; internal init; }

    /// <summary>The numeric sort key of the last row of the page before.</summary>
    public long? AfterId => long.TryParse(After, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>What of it cannot be; <see cref="QueryRules"/> answers with these before the endpoint runs.</summary>
    internal IReadOnlyList<ProblemError> Errors { get; private init; } = [];

    /// <summary>Bound by minimal APIs from the query string.</summary>
    public static ValueTask<PageRequest> BindAsync(HttpContext context)
    {
        var order = context.GetEndpoint()?.Metadata.GetMetadata<ListOrder>()
            ?? throw new InvalidOperationException($"The list {context.Request.Path} does not say its order (QueryRules).");
        var errors = new List<ProblemError>();
        var query = context.Request.Query;

        var limit = DefaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors.Add(ProblemError.OfParameter("limit", $"limit is \"{text}\"; it must be a number from 1 to {MaxLimit}."));
        }

        if (query["sort"].ToString() is { Length: > 0 } wanted && wanted != order.Sort)
        {
            errors.Add(ProblemError.OfParameter("sort", $"sort is \"{wanted}\"; this list has one order, {order.Sort}.", [order.Sort]));
        }

        string? after = null;
        if (query["cursor"].ToString() is { Length: > 0 } cursor)
        {
            after = PageCursor.Read(context.Request, order.Sort, cursor);
            if (after is null)
            {
                errors.Add(ProblemError.OfParameter(
                    "cursor", "cursor is broken, or belongs to another list, sort or filter. Give nextCursor as it was, with the same parameters, or leave it out to begin anew."));
            }
        }

        return ValueTask.FromResult(new PageRequest { Limit = limit, After = after, Errors = errors, sort = order.Sort });
    }

    /// <summary>Makes the page of rows that were read with a limit one higher than asked for.</summary>
    public Page<TItem> ToPage<TRow, TItem>(HttpContext context, IReadOnlyList<TRow> rows, long total, Func<TRow, string> key, Func<TRow, TItem> show)
    {
        var more = rows.Count > Limit;
        var kept = more ? rows.Take(Limit).ToList() : rows;
        var next = more ? PageCursor.Make(context.Request, sort, key(kept[^1])) : null;
        if (next is not null)
        {
            var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
            query["cursor"] = next;
            context.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(context.Request.Path, query)}>; rel=\"next\"";
        }

        return new Page<TItem>([.. kept.Select(show)], next, total);
    }
}
