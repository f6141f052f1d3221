using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting.Health;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Admin;

/// <summary><c>/api/v1/system</c>.</summary>
internal static class AdminEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/system", ShowAsync).RequireAuthorization(nameof(Role.Admin)).WithTags("System").WithName("getSystem").WithSummary("Version, database, vault, data folder and health");
    }

    internal static async Task<Ok<SystemResource>> ShowAsync(
        HealthEndpoints health, Database database, VaultSet vaults, IOptions<StorageOptions> storage, IConfiguration configuration, ServerStart start, CancellationToken cancellation)
    {
        var url = configuration["Providers:PublicUrl"];
        return TypedResults.Ok(new SystemResource(
            typeof(AdminEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown",
            RuntimeInformation.FrameworkDescription,
            Environment.MachineName,
            Environment.ProcessId,
            start.At,
            database.Dialect.Name,
            Path.GetFullPath(storage.Value.DataPath),
            vaults.Current.Place,
            url,
            url is not null,
            await health.CheckAsync(cancellation)));
    }
}

/// <summary>When this process began.</summary>
internal sealed class ServerStart(TimeProvider time)
{
    public DateTimeOffset At { get; } = time.GetUtcNow();
}
