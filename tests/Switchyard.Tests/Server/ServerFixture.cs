using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server;

/// <summary>The real server in this process, on a free loopback port, with a database of its own.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly DatabasePlace place;

    private ServerFixture(WebApplication app, DatabasePlace place)
    {
        App = app;
        this.place = place;
    }

    /// <summary>The databases every store is tested on.</summary>
    public static TheoryData<string> Databases { get; } = ["sqlite", "postgresql"];

    public WebApplication App { get; }

    public HttpClient Http { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public string DataFolder => place.Folder;

    public Database Database => Get<Database>();

    /// <param name="kind"><c>sqlite</c>, or <c>postgresql</c>: skipped where there is none.</param>
    public static async Task<ServerFixture> StartAsync(string kind, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? more = null)
    {
        var place = await DatabasePlace.CreateAsync(Enum.Parse<DatabaseKind>(kind, ignoreCase: true));
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
        {
            ["Storage:DataFolder"] = place.Folder,
            ["Storage:PostgreSql"] = place.PostgreSql,
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Error",
            ["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]),
        };

        var app = SwitchyardHost.Build([], all, more);
        var fixture = new ServerFixture(app, place);
        await app.StartAsync();
        var token = await fixture.Get<TokenStore>().CreateAsync("test", Role.Admin, null, CancellationToken.None);
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        fixture.Http = new HttpClient { BaseAddress = new Uri(url) };
        fixture.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return fixture;
    }

    /// <summary>A browser that is signed in with the role.</summary>
    public Task<PanelClient> SignInAsync(Role role = Role.Admin) => PanelClient.SignInAsync(App.Services, Http.BaseAddress!, role);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await place.DisposeAsync();
    }
}
