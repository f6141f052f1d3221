using Microsoft.Extensions.Options;
using Npgsql;

namespace Switchyard.Server.Storage;

public static class StorageSetup
{
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section)
            .Validate(options => options.GroupCommitLimit is >= 1 and <= 10_000, "Storage:GroupCommitLimit must be from 1 to 10000.")
            .Validate(options => !string.IsNullOrWhiteSpace(options.DataFolder), "Storage:DataFolder must name a folder (--data or SWITCHYARD_DATA).")
            .Validate(options => options.PostgreSql is null || IsConnectionString(options.PostgreSql), "Storage:PostgreSql must be a connection string, as Host=127.0.0.1;Database=switchyard;Username=switchyard.")
            .ValidateOnStart();
        builder.Services.AddSingleton<Database>(services =>
        {
            var options = services.GetRequiredService<IOptions<StorageOptions>>();
            return options.Value.PostgreSql is null ? new SqliteDatabase(options, services.GetRequiredService<TimeProvider>()) : new PostgreSqlDatabase(options);
        });
        builder.Services.AddSingleton<Migrations>();
        return builder;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
