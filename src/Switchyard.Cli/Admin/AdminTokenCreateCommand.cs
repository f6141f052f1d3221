using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Server.Access;

namespace Switchyard.Cli.Admin;

/// <summary>Makes an API token: through the server, or with <c>--data</c> in its database, which is how the first one is made.</summary>
internal sealed class AdminTokenCreateCommand : Command
{
    private const string Self = "switchyard admin token create --name me --role admin";

    public AdminTokenCreateCommand(Shell shell)
        : base("create", "Make an API token; it is shown once")
    {
        var name = new Option<string>("--name") { Description = "What it is for", HelpName = "NAME", Required = true };
        var role = new Option<string>("--role") { Description = "viewer, operator or admin", HelpName = "ROLE", DefaultValueFactory = _ => "viewer" };
        var days = new Option<int>("--days") { Description = "Days until it expires", HelpName = "N", DefaultValueFactory = _ => 90 };
        var data = LocalServer.DataOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be made, and make nothing" };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        days.Validators.Add(WholeNumber.From(1, 3650));
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is TokenStore.SetupName or TokenStore.LocalName)
            {
                result.AddError($"\"{result.GetValueOrDefault<string>()}\" is the name of a token that the server makes itself; take another one");
            }
        });
        Add(name);
        Add(role);
        Add(days);
        Add(data);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var request = new JsonObject { ["name"] = run.Get(name), ["role"] = run.Get(role), ["days"] = run.Get(days) };
            if (run.Get(dryRun))
            {
                run.Printer.Result(request, $"Would make a token \"{run.Get(name)}\" with role {run.Get(role)} for {run.Get(days)} days.");
                return ExitCode.Ok;
            }

            InFolder.RequirePlace(run, run.Get(data), "the token", Self);

            async Task<JsonNode> AskAsync(ApiClient server) => (await server.PostAsync("api/v1/tokens", request, cancellation))!;

            // A named server is asked; else the database of this machine is written.
            var token = run.Get(data) is null && run.NamesServer
                ? await AskAsync(run.Server)
                : await InFolder.RunAsync(run, run.Get(data), Self, services => InDatabaseAsync(services, run.Get(name)!, run.Get(role)!, run.Get(days), cancellation), AskAsync, cancellation);
            run.Printer.Result(token, Members.At(token, "token")!);
            run.Printer.Say($"Role {Members.At(token, "role")}, expires {Members.At(token, "expiresAt")}. You will not see it again:  export SWITCHYARD_TOKEN=...");
            return ExitCode.Ok;
        });
    }

    private static async Task<JsonNode> InDatabaseAsync(IServiceProvider services, string name, string role, int days, CancellationToken cancellation)
    {
        var (token, facts) = await LocalServer.CreateTokenAsync(services, name, Enum.Parse<Role>(role, ignoreCase: true), days, cancellation);
        return new JsonObject
        {
            ["id"] = facts.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["name"] = facts.Name,
            ["role"] = facts.Role,
            ["token"] = token,
            ["expiresAt"] = DateTimeOffset.FromUnixTimeMilliseconds(facts.ExpiresAt!.Value).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
