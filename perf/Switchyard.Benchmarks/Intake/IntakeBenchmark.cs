using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Switchyard.Benchmarks.Harness;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Benchmarks.Intake;

/// <summary>
/// Deliveries a second that are on disk when they are acknowledged, beside a server that only checks the signature: both in
/// a process of their own, the same load, one after the other.
/// </summary>
internal static class IntakeBenchmark
{
    private const string Secret = "benchmark-secret";
    private const int Connections = 64;
    private const int Warmup = 20_000;
    private const int Count = 60_000;

    /// <summary>Three repositories for each connection.</summary>
    private const int ManyLanes = 3 * Connections;

    public static async Task RunAsync(Report report)
    {
        var floor = await MeasureFloorAsync();
        Console.Error.WriteLine($"  fdatasync of 4 KB: {FdatasyncRate():#,0}/s");
        var administration = Environment.GetEnvironmentVariable("SWITCHYARD_TEST_POSTGRES");
        foreach (var (name, postgres, target, workedOff) in new[] { ("SQLite", (string?)null, 0.5, 5_000), ("PostgreSQL", administration, 0.4, 3_000) })
        {
            if (name == "PostgreSQL" && postgres is null)
            {
                Console.Error.WriteLine("  SKIPPED PostgreSQL: SWITCHYARD_TEST_POSTGRES is not set (./perf/run sets it)");
                continue;
            }

            await MeasureAsync($"intake, {name}, lanes resting", lanes: 0, repositories: 1, postgres, floor, target, null, report);
            await MeasureAsync($"intake, {name}, one lane working", lanes: 16, repositories: 1, postgres, floor, target / 2, workedOff, report);
            await MeasureAsync($"intake, {name}, {ManyLanes} lanes working", lanes: 16, ManyLanes, postgres, floor, target / 2, workedOff, report);
        }
    }

    private static async Task<double> MeasureFloorAsync()
    {
        var port = ServerProcess.FreePort();
        await using var server = await ServerProcess.StartAsync(
            Environment.ProcessPath!, ["floor-server", port.ToString(CultureInfo.InvariantCulture), Secret], port);
        var load = new DeliveryLoad(port, "/webhooks/floor", Bodies(1), Secret);
        await load.RunAsync(Connections, Warmup);
        var (rate, latencies) = await load.RunAsync(Connections, Count);
        Console.Error.WriteLine($"  floor: {rate:#,0}/s, p50 {latencies.P50:0.0} ms, p99 {latencies.P99:0.0} ms");
        return rate;
    }

    private static async Task MeasureAsync(string name, int lanes, int repositories, string? administration, double floor, double target, int? workedOff, Report report)
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-intake-").FullName;
        var database = "intake_" + Guid.NewGuid().ToString("N");
        try
        {
            var connection = administration is null ? null : new NpgsqlConnectionStringBuilder(administration) { Database = database }.ToString();
            if (administration is not null)
            {
                await ExecuteAsync(administration, $"create database {database}");
            }

            var settings = Settings(folder, connection);
            settings["Webhooks:Lanes"] = lanes.ToString(CultureInfo.InvariantCulture);
            await SeedProviderAsync(settings);
            var port = ServerProcess.FreePort();
            var environment = settings.ToDictionary(pair => "SWITCHYARD_" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);
            environment["SWITCHYARD_Urls"] = $"http://127.0.0.1:{port}";
            await using var server = await ServerProcess.StartAsync(ServerProcess.Switchyard, ["serve", "--data", folder], port, environment);
            var load = new DeliveryLoad(port, "/webhooks/bench", Bodies(repositories), Secret);
            var backlog = new Backlog(folder, connection);
            await load.RunAsync(Connections, Warmup);
            var left = lanes == 0 ? 0 : await backlog.CountAsync();
            var started = TimeProvider.System.GetTimestamp();
            var (rate, latencies) = await load.RunAsync(Connections, Count);
            report.Add(name + ", durable", rate, floor, "/s", $">= {target.ToString(CultureInfo.InvariantCulture)} of the floor", higherIsBetter: true);
            report.Add(name + ", p50 and p99 at full rate", $"{Text(latencies.P50)} and {Text(latencies.P99)} ms");
            if (workedOff is { } wanted)
            {
                await backlog.UntilEmptyAsync();
                report.Add(name + ", stored and worked off", (left + Count) / TimeProvider.System.GetElapsedTime(started).TotalSeconds, "/s", $">= {wanted:#,0}/s");
            }

            var (_, paced) = await load.RunAsync(Connections, Count / 3, rate / 2);
            report.Add(name + ", p99 at half that rate", paced.P99, "ms", "<= 10 ms");
            report.Add(name + ", peak memory", server.PeakMemory, "MB", "< 200 MB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (administration is not null)
            {
                await ExecuteAsync(administration, $"drop database if exists {database} with (force)");
            }
        }
    }

    private static Dictionary<string, string?> Settings(string folder, string? connection)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:DataFolder"] = folder };
        if (connection is not null)
        {
            settings["Storage:PostgreSql"] = connection;
            settings["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]);
        }

        return settings;
    }

    /// <summary>A provider without a GitHub behind it: only its webhook secret matters here.</summary>
    private static async Task SeedProviderAsync(Dictionary<string, string?> settings)
    {
        await using var app = Server.SwitchyardHost.Build([], settings);
        var database = app.Services.GetRequiredService<Database>();
        await database.OpenAsync(CancellationToken.None);
        await app.Services.GetRequiredService<Migrations>().ApplyAsync(CancellationToken.None);
        var vault = app.Services.GetRequiredService<SecretVault>();
        var store = app.Services.GetRequiredService<ProviderStore>();
        await database.WriteAsync(
            async session =>
            {
                var id = await store.AddAsync(session, new Provider { Slug = "bench", Kind = ProviderKind.Token, Name = "bench", ApiUrl = "http://127.0.0.1:9/", WebUrl = "http://127.0.0.1:9/" });
                await vault.SetAsync(session, Provider.ScopeOf(id), ProviderSecret.WebhookSecret, Secret, "benchmark");
            },
            CancellationToken.None);
    }

    /// <summary>Pushes of 8.7 KB, the size of GitHub's own example, of different repositories.</summary>
    private static byte[][] Bodies(int repositories) => [.. Enumerable.Range(0, repositories).Select(PushPayload)];

    private static string Text(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static byte[] PushPayload(int repository)
    {
        var commits = Enumerable.Range(0, 14).Select(i => new
        {
            id = i.ToString("x40", CultureInfo.InvariantCulture),
            message = $"Change model {i} because the order has a new attribute, and say so in the description",
            timestamp = "2026-11-21T06:30:00Z",
            author = new { name = "A Modeller", email = "modeller@example.com", username = "modeller" },
            added = new[] { $"models/added-{i}.hck.json" },
            removed = Array.Empty<string>(),
            modified = new[] { $"models/area-{i}/model-{i}.hck.json", $"docs/area-{i}.md" },
        });
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            @ref = "refs/heads/topic",
            before = new string('1', 40),
            after = new string('2', 40),
            repository = new { id = 4711 + repository, name = "models", full_name = "acme/models", default_branch = "main", owner = new { login = "acme", id = 1 } },
            pusher = new { name = "modeller" },
            sender = new { login = "modeller", id = 2 },
            installation = new { id = 99 },
            created = false,
            deleted = false,
            forced = false,
            commits,
        });
    }

    private static double FdatasyncRate()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            var block = new byte[4096];
            var started = TimeProvider.System.GetTimestamp();
            var count = 0;
            while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
            {
                stream.Write(block);
                stream.Flush(flushToDisk: true);
                count++;
            }

            return count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
