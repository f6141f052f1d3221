using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Switchyard.Benchmarks.Harness;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Benchmarks.Intake;

/// <summary>A database of its own with one provider in it, for servers that take deliveries in; deleted when it is disposed.</summary>
internal sealed class IntakeStage : IAsyncDisposable
{
    public const string Secret = "benchmark-secret";
    public const string WebhookPath = "/webhooks/bench";

    private readonly string folder = Directory.CreateTempSubdirectory("switchyard-intake-").FullName;
    private readonly string name = "intake_" + Guid.NewGuid().ToString("N");
    private readonly string? administration;
    private readonly Dictionary<string, string?> settings = new(StringComparer.Ordinal);

    private IntakeStage(string? administration)
    {
        this.administration = administration;
        var data = Path.Combine(folder, "data");
        settings["Storage:DataFolder"] = data;
        if (administration is not null)
        {
            settings["Storage:PostgreSql"] = new NpgsqlConnectionStringBuilder(administration) { Database = name }.ToString();
            settings["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]);
        }

        Tables = new DatabaseReader(data, settings.GetValueOrDefault("Storage:PostgreSql"));
        Deliveries = new DeliveryTable(Tables);
    }

    public DatabaseReader Tables { get; }

    public DeliveryTable Deliveries { get; }

    /// <param name="administration">A connection to PostgreSQL that may make databases; null for SQLite.</param>
    public static async Task<IntakeStage> CreateAsync(string? administration)
    {
        var stage = new IntakeStage(administration);
        try
        {
            await stage.AdministerAsync($"create database {stage.name}");
            Directory.CreateDirectory(stage.settings["Storage:DataFolder"]!);
            await stage.SeedAsync(SeedProviderAsync);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <param name="lanes">Lanes worked off at once; null for as many as a server has by itself.</param>
    /// <param name="node">A name for each of several nodes; they share nothing but the database.</param>
    /// <param name="more">Further settings.</param>
    public Task<ServerProcess> StartServerAsync(int? lanes = null, string node = "data", IReadOnlyDictionary<string, string>? more = null)
    {
        var port = ServerProcess.FreePort();
        var environment = settings.Concat(more?.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)) ?? []).ToDictionary(pair => "SWITCHYARD_" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);
        environment["SWITCHYARD_Urls"] = $"http://127.0.0.1:{port}";
        if (lanes is { } count)
        {
            environment["SWITCHYARD_Webhooks__Lanes"] = count.ToString(CultureInfo.InvariantCulture);
        }

        var data = Path.Combine(folder, node);
        environment["SWITCHYARD_Storage__DataFolder"] = data;
        return ServerProcess.StartAsync(ServerProcess.Switchyard, ["serve", "--data", data], port, environment);
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        await AdministerAsync($"drop database if exists {name} with (force)");
    }

    /// <summary>Works on the database with the server's own parts, while no server runs.</summary>
    public async Task SeedAsync(Func<IServiceProvider, Task> seed)
    {
        await using var app = Server.SwitchyardHost.Build(["--Logging:LogLevel:Default=Warning"], settings);
        await app.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        await app.Services.GetRequiredService<Migrations>().ApplyAsync(CancellationToken.None);
        await seed(app.Services);
    }

    /// <summary>A provider without a GitHub behind it: only its webhook secret matters here.</summary>
    private static async Task SeedProviderAsync(IServiceProvider services)
    {
        var vault = services.GetRequiredService<SecretVault>();
        var secret = await vault.SealAsync(Secret, CancellationToken.None);
        await services.GetRequiredService<Database>().WriteAsync(
            async session =>
            {
                var id = await services.GetRequiredService<ProviderStore>().AddAsync(
                    session, new Provider { Slug = "bench", Kind = ProviderKind.Token, Name = "bench", ApiUrl = "http://127.0.0.1:9/", WebUrl = "http://127.0.0.1:9/" });
                await vault.SetAsync(session, Provider.ScopeOf(id), ProviderSecret.WebhookSecret, secret, "benchmark");
            },
            CancellationToken.None);
    }

    private async Task AdministerAsync(string sql)
    {
        if (administration is not null)
        {
            await using var connection = new NpgsqlConnection(administration);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
