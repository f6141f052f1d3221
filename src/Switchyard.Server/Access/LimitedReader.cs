using Microsoft.Extensions.Options;

namespace Switchyard.Server.Access;

/// <summary>Somebody who reads what GitHub lets them read. <c>ReadableAt</c>: when GitHub was asked, UTC milliseconds; null: it could not be.</summary>
internal sealed record LimitedReader(long UserId, long? ReadableAt, bool IsFresh)
{
    /// <summary>What one who is shown less than they may read is told.</summary>
    public string Advice => ReadableAt is null
        ? "What GitHub lets you read could not be asked when you signed in, so private repositories are not shown. Sign in again."
        : "It is too long ago that GitHub said what you may read, so private repositories are not shown. Sign in again.";

    /// <summary>The reader of the request; null where everything may be read.</summary>
    public static LimitedReader? Of(HttpContext context) => context.Features.Get<LimitedReader>();

    /// <summary>
    /// Operators act on everything, so they see it; so does the local administrator, whom no GitHub knows. Everybody else reads what
    /// GitHub lets them read, where that is asked for.
    /// </summary>
    public static void Leave(HttpContext context, long userId, long? providerId, string role, long? readableAt)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (options.MirrorsReading && providerId is not null && role == nameof(Role.Viewer))
        {
            var since = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - options.ReadPermissionLifetime;
            context.Features.Set(new LimitedReader(userId, readableAt, readableAt > since.ToUnixTimeMilliseconds()));
        }
    }
}
