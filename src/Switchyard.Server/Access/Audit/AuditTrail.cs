namespace Switchyard.Server.Access.Audit;

/// <summary>
/// Writes the audit: every request that changes something, by the API or the panel, with how it ended; denied ones too. It stands
/// between who somebody is and what they may do.
/// </summary>
internal sealed partial class AuditTrail(AuditStore store, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>What nobody known tries is kept up to so many times a minute: who has no key is not to fill the disk.</summary>
    private const int StrangersInAMinute = 60;

    private readonly Lock gate = new();
    private long minute;
    private int strangers;

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
        context.GetEndpoint() is RouteEndpoint endpoint && AuditedAction.Of(endpoint, context.Request.Method) is { } action
            ? context.RequestServices.GetRequiredService<AuditTrail>().FollowAsync(context, endpoint, action, next)
            : next(context));

    private async Task FollowAsync(HttpContext context, RouteEndpoint endpoint, string action, RequestDelegate next)
    {
        var known = context.User.Identity?.IsAuthenticated == true;
        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            await KeepAsync(context, endpoint, action, failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError, known);
            throw;
        }

        await KeepAsync(context, endpoint, action, context.Response.StatusCode, known);
    }

    private async Task KeepAsync(HttpContext context, RouteEndpoint endpoint, string action, int status, bool known)
    {
        if (context.Items.ContainsKey(typeof(AuditRow)) || (!known && !TakeStranger()))
        {
            return;
        }

        try
        {
            await store.AppendAsync(context, new AuditRow
            {
                Action = action,
                Object = AuditedAction.ObjectOf(endpoint, context),
                Status = status,
                Result = status switch
                {
                    < 400 => AuditResult.Done,
                    StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => AuditResult.Denied,
                    < 500 => AuditResult.Refused,
                    _ => AuditResult.Failed,
                },
            });
        }
        catch (System.Data.Common.DbException failure)
        {
            // The act is done and answered; that it could not be noted must be seen.
            Log.NotKept(logger, failure, action, context.User.Identity?.Name ?? "nobody");
        }
    }

    private bool TakeStranger()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (gate)
        {
            (minute, strangers) = (now, now == minute ? strangers + 1 : 1);
            return strangers <= StrangersInAMinute;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "AuditNotKept: {Action} by {Actor} is not in the audit.", EventName = "AuditNotKept")]
        public static partial void NotKept(ILogger logger, Exception failure, string action, string actor);
    }
}
