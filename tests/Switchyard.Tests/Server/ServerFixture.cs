using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Switchyard.Server;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;
using Xunit;

namespace Switchyard.Tests.Server;

/// <summary>The real server in this process, on a free loopback port, with a database of its own.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly string folder;
    private readonly string? administration;
    private readonly string? databaseName;

    private ServerFixture(WebApplication app, string folder, string? administration, string? databaseName)
    {
        App = app;
        this.folder = folder;
        this.administration = administration;
        this.databaseName = databaseName;
    }

    /// <summary>The databases every store is tested on.</summary>
    public static TheoryData<string> Databases { get; } = ["sqlite", "postgresql"];

    public WebApplication App { get; }

    public HttpClient Http { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public Database Database => Get<Database>();

    /// <param name="kind"><c>sqlite</c>, or <c>postgresql</c>: skipped where there is none.</param>
    public static async Task<ServerFixture> StartAsync(string kind, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var data = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
        {
            ["Storage:DataFolder"] = data,
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Error",
            ["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]),
        };
        string? postgres = null;
        string? name = null;
        if (kind == "postgresql")
        {
            postgres = Environment.GetEnvironmentVariable("SWITCHYARD_TEST_POSTGRES");
            Assert.SkipWhen(postgres is null, "No PostgreSQL: SWITCHYARD_TEST_POSTGRES is not set (./test sets it).");
            name = "test_" + Guid.NewGuid().ToString("N");
            await ExecuteAsync(postgres!, $"create database {name}");
            all["Storage:PostgreSql"] = new NpgsqlConnectionStringBuilder(postgres) { Database = name, MaxPoolSize = 20 }.ToString();
        }

        var app = SwitchyardHost.Build([], all);
        var fixture = new ServerFixture(app, data, postgres, name);
        await app.StartAsync();
        var token = await fixture.Get<TokenStore>().CreateAsync("test", Role.Admin, null, CancellationToken.None);
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        fixture.Http = new HttpClient { BaseAddress = new Uri(url) };
        fixture.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        if (databaseName is not null)
        {
            await ExecuteAsync(administration!, $"drop database if exists {databaseName} with (force)");
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
