using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Access.Audit;

/// <summary>How an act ended.</summary>
public static class AuditResult
{
    public const string Done = "Done";

    /// <summary>What was asked for cannot be.</summary>
    public const string Refused = "Refused";

    /// <summary>Who asked may not.</summary>
    public const string Denied = "Denied";

    public const string Failed = "Failed";

    public static IReadOnlyList<string> All { get; } = [Done, Refused, Denied, Failed];
}

/// <summary>A row of the audit; the time is UTC milliseconds.</summary>
internal sealed record AuditRow
{
    public long Id { get; init; }

    public long At { get; init; }

    public string Actor { get; init; } = "";

    /// <summary>user, token, system or nobody.</summary>
    public string Kind { get; init; } = "";

    public string Action { get; init; } = "";

    public string? Object { get; init; }

    public string Result { get; init; } = AuditResult.Done;

    public long? Status { get; init; }

    public string? Detail { get; init; }

    public string? Address { get; init; }

    public string? RequestId { get; init; }
}

/// <summary>The rows of the audit: added, read, and never changed.</summary>
internal sealed class AuditStore(Database database, TimeProvider time)
{
    private const string Columns = "id, at, actor, kind, action, object, result, status, detail, address, request_id";

    public static readonly QueryRule[] ListRules = [new ListOrder("-id"), new QueryWords("result", AuditResult.All)];

    /// <summary>Adds what somebody did, who is known from the request.</summary>
    public Task AppendAsync(HttpContext context, AuditRow row)
    {
        context.Items[typeof(AuditRow)] = row;
        return AppendAsync(Complete(context, row));
    }

    private static AuditRow Complete(HttpContext context, AuditRow row) => row with
    {
        Actor = row.Actor.Length > 0 ? row.Actor : context.User.Identity?.Name ?? "nobody",
        Kind = row.Kind.Length > 0 ? row.Kind : context.User.Identity?.AuthenticationType switch { TokenAuthentication.SchemeName => "token", SessionAuthentication.SchemeName => "user", _ => "nobody" },
        Address = context.Connection.RemoteIpAddress?.ToString(),
        RequestId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
    };

    /// <summary>What happened is told, whoever has hung up meanwhile.</summary>
    public Task AppendAsync(AuditRow row) => database.WriteAsync(
        session => session.ExecuteAsync(
            """
            insert into audit (at, actor, kind, action, object, result, status, detail, address, request_id)
            values (@now, @Actor, @Kind, @Action, @Object, @Result, @Status, @Detail, @Address, @RequestId)
            """,
            new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), row.Actor, row.Kind, row.Action, row.Object, row.Result, row.Status, row.Detail, row.Address, row.RequestId }),
        CancellationToken.None);

    public Task<(List<AuditRow> Rows, long Total)> ListAsync(string? actor, string? action, string? result, PageRequest page, CancellationToken cancellation)
    {
        var where = string.Join(" and ", new[] { actor is null ? null : "actor = @actor", action is null ? null : "action = @action", result is null ? null : "result = @result" }.OfType<string>().DefaultIfEmpty("1 = 1"));
        return database.ReadAsync(
            async session => (
                await session.QueryAsync<AuditRow>(
                    $"select {Columns} from audit where {where} and id < @before order by id desc limit @limit", new { actor, action, result, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 }),
                await session.ScalarAsync<long>($"select count(*) from audit where {where}", new { actor, action, result })),
            cancellation);
    }
}
