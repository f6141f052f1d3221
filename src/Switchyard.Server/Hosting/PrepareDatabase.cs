using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Hosting;

/// <summary>Makes the data folder, opens the database and brings its schema up to date, before anything else starts.</summary>
internal sealed partial class PrepareDatabase(Database database, Migrations migrations, IOptions<StorageOptions> storage, ILogger<PrepareDatabase> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        PrivateFolder.Create(storage.Value.DataPath);
        await database.OpenAsync(cancellationToken);
        var applied = await migrations.ApplyAsync(cancellationToken);
        Log.Ready(logger, database.Dialect.Name, applied);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "DatabaseReady: {Dialect}, {Applied} migrations applied.", EventName = "DatabaseReady")]
        public static partial void Ready(ILogger logger, string dialect, int applied);
    }
}
