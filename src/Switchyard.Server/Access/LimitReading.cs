using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Access;

/// <summary>
/// Reads for a request with the eyes of who sends it. It stands behind authorization, so no endpoint that asks for a role is without it;
/// those that anybody may use have nothing of a repository.
/// </summary>
internal static class LimitReading
{
    /// <summary>Says to a program why it is shown less.</summary>
    public const string Header = "Switchyard-Read-Permission";

    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var endpoint = context.GetEndpoint();
        if (LimitedReader.Of(context) is not { } reader || endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }

        if (endpoint?.Metadata.GetMetadata<WholeReaders.Marker>() is not null)
        {
            await Problem.Write(
                context,
                StatusCodes.Status403Forbidden,
                "Forbidden",
                "This tells of every repository, and here viewers read those that GitHub lets them read (Access:ReadPermission). It needs the role operator; an administrator gives roles under Access.");
            return;
        }

        if (!reader.IsFresh)
        {
            context.Response.Headers[Header] = "stale";
        }

        ReadLimit.Begin(reader.IsFresh ? reader.UserId : ReadLimit.Nobody);
        await next(context);
    });
}

/// <summary>Makes the views for it once the database is there.</summary>
internal sealed class OpenLimitedReading(Database database, IOptions<AccessOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => options.Value.MirrorsReading ? database.OpenLimitedAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
