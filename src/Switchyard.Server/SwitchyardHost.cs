using Microsoft.Extensions.Logging.Console;
using Switchyard.Server.Access;
using Switchyard.Server.Activity;
using Switchyard.Server.Admin;
using Switchyard.Server.Catalogue;
using Switchyard.Server.Dispatches;
using Switchyard.Server.Home;
using Switchyard.Server.Hosting;
using Switchyard.Server.Models;
using Switchyard.Server.Panel;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Repositories;
using Switchyard.Server.Rules;
using Switchyard.Server.SignIn;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server;

/// <summary>Builds the server: configuration, then each feature's services and routes.</summary>
public static class SwitchyardHost
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>
    /// Builds the server. Configuration, later ones win: <c>appsettings.json</c> in the data folder, the environment
    /// (<c>SWITCHYARD_</c> + <c>Section__Key</c>), the command line (<c>--Section:Key=value</c>), the settings given here.
    /// </summary>
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings = null) => Build(args, settings, null);

    /// <param name="args">The command line.</param>
    /// <param name="settings">What wins over all configuration.</param>
    /// <param name="more">Services in place of the usual ones, or beside them: a clock that a test moves.</param>
    internal static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings, Action<IServiceCollection>? more)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder, args, settings);

        builder.AddPanel();
        builder.AddHosting();
        builder.AddStorage();
        builder.AddVault();
        builder.AddAccess();
        builder.AddWebhooks();
        builder.AddProviders();
        builder.AddSignals();
        builder.AddModels();
        builder.AddRepositories();
        builder.AddReports();
        builder.AddRules();
        builder.AddDispatches();
        builder.AddActivity();
        builder.AddHome();
        builder.AddSignIn();
        builder.AddAdmin();
        more?.Invoke(builder.Services);

        var app = builder.Build();
        ProxySetup.Use(app);
        app.UsePanel();
        app.UseHosting();
        app.UseAccess();
        app.MapHosting();
        app.MapAccess();
        app.MapPanel();
        app.MapSignIn();
        app.MapHome();
        app.MapActivity();
        app.MapAdmin();
        app.MapWebhooks();
        app.MapProviders();
        app.MapSignals();
        app.MapModels();
        app.MapCatalogue();
        app.MapRepositories();
        app.MapRules();
        app.MapDispatches();
        return app;
    }

    private static void Configure(WebApplicationBuilder builder, string[] args, IReadOnlyDictionary<string, string?>? settings)
    {
        var data = settings?.GetValueOrDefault("Storage:DataFolder") ?? Environment.GetEnvironmentVariable("SWITCHYARD_DATA") ?? "data";
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddInMemoryCollection([new("Urls", DefaultUrl), new("Storage:DataFolder", data)])
            .AddJsonFile(Path.GetFullPath(Path.Combine(data, "appsettings.json")), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables("SWITCHYARD_")
            .AddCommandLine(args)
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));

        builder.WebHost.UseUrls(builder.Configuration["Urls"]!.Split(';'));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        if (Console.IsErrorRedirected)
        {
            builder.Logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        }
        else
        {
            builder.Logging.AddSimpleConsole(options => options.SingleLine = true);
        }

        // stdout is for data; what people read goes to stderr.
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
