using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

public static class VaultSetup
{
    public static IHostApplicationBuilder AddVault(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section);
        builder.Services.AddSingleton(services => new SecretVault(
            MasterKey.Load(
                services.GetRequiredService<IOptions<VaultOptions>>(),
                services.GetRequiredService<IOptions<StorageOptions>>(),
                services.GetRequiredService<ILogger<MasterKey>>()),
            services.GetRequiredService<Database>(),
            services.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
