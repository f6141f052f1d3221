using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Admin;

/// <summary>The REST resource <c>/api/v1/vault</c>: the vaults, facts of the secrets, and moving them. Nothing here reads a value to anyone.</summary>
internal static partial class VaultEndpoints
{
    public sealed record NewMove(string? To, bool? DryRun);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/vault").RequireAuthorization(nameof(Role.Admin)).WithTags("Vault");
        group.MapGet("/", StateAsync).WithName("getVault").WithSummary("The vaults that are configured, and whether they answer");
        group.MapGet("/secrets", ListAsync).WithName("listSecrets").WithSummary("Facts of the secrets; never a value").Checks(new ListOrder("scope"));
        group.MapPost("/move", MoveAsync).WithName("moveSecrets").WithSummary("Move all secrets into one vault; can be run again where it was ended").Audited("vault.move")
            .Refuses(StatusCodes.Status409Conflict, "Conflict", "Secrets are being moved already; this can be run again when that has ended.")
            .Refuses(StatusCodes.Status502BadGateway, "Upstream", "The vault to move to did not answer. Nothing was moved.");
    }

    internal static async Task<Ok<VaultState>> StateAsync(VaultSet vaults, IOptions<VaultOptions> options, CancellationToken cancellation)
    {
        var found = new List<ConfiguredVault>();
        foreach (var store in vaults.All)
        {
            try
            {
                found.Add(new ConfiguredVault(store.Kind, true, await store.DescribeAsync(cancellation)));
            }
            catch (InvalidOperationException unusable)
            {
                // With another vault the local one may have no key, and need none.
                if (store.Kind != VaultKind.Local || options.Value.Kind == VaultKind.Local)
                {
                    found.Add(new ConfiguredVault(store.Kind, false, unusable.Message));
                }
            }
        }

        return TypedResults.Ok(new VaultState(options.Value.Kind, found));
    }

    internal static async Task<Ok<Page<SecretFacts>>> ListAsync(HttpContext context, PageRequest page, SecretVault vault, CancellationToken cancellation)
    {
        var (rows, total) = await vault.ListAsync(page, cancellation);
        return TypedResults.Ok(page.ToPage(context, rows, total, row => $"{row.Scope}\n{row.Name}", row => row));
    }

    internal static async Task<Results<Ok<MoveResource>, ProblemHttpResult>> MoveAsync(
        NewMove request, HttpContext context, VaultMove move, IOptions<VaultOptions> options, ILogger<VaultMove> logger, CancellationToken cancellation)
    {
        if (request.To is not { } to || !VaultKind.All.Contains(to, StringComparer.Ordinal))
        {
            return Problem.Invalid("Say where to: local, azure, hashicorp or oci.", "/to");
        }

        var plan = await move.PlanAsync(to, cancellation);
        var scopes = plan.ConvertAll(part => new MoveScope(part.Scope, part.From, part.Secrets));
        if (request.DryRun == true)
        {
            return TypedResults.Ok(new MoveResource(to, true, 0, plan.Sum(part => part.Secrets), scopes, [], NoteOf(to, options.Value.Kind)));
        }

        try
        {
            var report = await move.RunAsync(to, cancellation);
            Log.Moved(logger, report.Moved, to, context.User.Identity?.Name ?? "unknown", report.Left);
            return TypedResults.Ok(new MoveResource(
                to, false, report.Moved, report.Left, scopes, [.. report.Failed.Select(one => new MoveFailure(one.Scope, one.Name, one.Reason))], NoteOf(to, options.Value.Kind)));
        }
        catch (VaultMoveBusyException busy)
        {
            return Problem.Conflict(busy.Message);
        }
    }

    private static string? NoteOf(string to, string kind) =>
        to == kind ? null : $"New secrets still go to the vault \"{kind}\": set Vault:Kind to {to} and start the server again.";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "SecretsMoved: {Moved} secrets were moved to the vault {Vault} by {By}; {Left} are elsewhere.", EventName = "SecretsMoved")]
        public static partial void Moved(ILogger logger, int moved, string vault, string by, long left);
    }
}
