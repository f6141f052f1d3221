using Azure.Core;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault.Azure;
using Switchyard.Server.Vault.HashiCorp;
using Switchyard.Server.Vault.Local;
using Switchyard.Server.Vault.Oci;
using Switchyard.Server.Vault.Remote;
using Switchyard.Server.Vault.Signing;

namespace Switchyard.Server.Vault;

public static class VaultSetup
{
    public static IHostApplicationBuilder AddVault(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section).ValidateOnStart();
        services.AddOptions<AzureVaultOptions>().BindConfiguration(AzureVaultOptions.Section);
        services.AddOptions<HashiCorpVaultOptions>().BindConfiguration(HashiCorpVaultOptions.Section);
        services.AddOptions<OciVaultOptions>().BindConfiguration(OciVaultOptions.Section);
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsRules>();

        services.AddSingleton(Local);
        if (IsSet(builder, VaultKind.Azure))
        {
            services.AddSingleton<TokenCredential>(provider => AzureCredential.Create(Of<AzureVaultOptions>(provider)));
            services.AddSingleton(Azure);
            services.AddSingleton<ISecretStore, AzureVault>();
            services.AddSingleton<IRemoteKeys, AzureKeys>();
        }

        if (IsSet(builder, VaultKind.HashiCorp))
        {
            services.AddSingleton(HashiCorp);
            services.AddSingleton<ISecretStore>(provider => new HashiCorpVault(Of<HashiCorpVaultOptions>(provider), provider.GetRequiredService<HashiCorpClient>()));
            services.AddSingleton<IRemoteKeys, TransitKeys>();
        }

        if (IsSet(builder, VaultKind.Oci))
        {
            services.AddSingleton(Oci);
        }

        services.AddSingleton<VaultSet>();
        services.AddSingleton<AppKeys>();
        services.AddSingleton<VaultMove>();
        services.AddSingleton<RecurringJob, TendVaults>();
        services.AddSingleton(provider => new SecretVault(provider.GetRequiredService<VaultSet>(), provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    private static bool IsSet(IHostApplicationBuilder builder, string kind) => builder.Configuration[VaultKind.SettingOf(kind)] is { Length: > 0 };

    /// <summary>The master key is made, or missed, at the start where new secrets go here; with another vault no key is needed.</summary>
    private static ISecretStore Local(IServiceProvider services)
    {
        MasterKey Load() => MasterKey.Load(
            services.GetRequiredService<IOptions<VaultOptions>>(), services.GetRequiredService<IOptions<StorageOptions>>(), services.GetRequiredService<ILogger<MasterKey>>());
        var isCurrent = Of<VaultOptions>(services).Kind == VaultKind.Local;
        return new LocalVault(isCurrent ? new Lazy<MasterKey>(Load()) : new Lazy<MasterKey>(Load));
    }

    private static AzureClient Azure(IServiceProvider services) =>
        new(services.GetRequiredService<TokenCredential>(), Http(services, "Azure Key Vault", Of<AzureVaultOptions>(services).Url!), services.GetRequiredService<TimeProvider>());

    private static HashiCorpClient HashiCorp(IServiceProvider services)
    {
        var options = Of<HashiCorpVaultOptions>(services);
        return new HashiCorpClient(options, Http(services, "HashiCorp Vault", options.Address!), services.GetRequiredService<TimeProvider>());
    }

    private static ISecretStore Oci(IServiceProvider services)
    {
        var (options, time) = (Of<OciVaultOptions>(services), services.GetRequiredService<TimeProvider>());
        var signer = new OciRequestSigner($"{options.TenancyId}/{options.UserId}/{options.Fingerprint}", SecretFile.ReadKey(options.PrivateKeyFile!, "Vault:Oci:PrivateKeyFile"));
        return new OciVault(
            options,
            new OciClient(signer, Http(services, "OCI Vault", options.ManagementUrl ?? $"https://vaults.{options.Region}.oci.oraclecloud.com"), time),
            new OciClient(signer, Http(services, "OCI Vault", options.RetrievalUrl ?? $"https://secrets.vaults.{options.Region}.oci.oraclecloud.com"), time),
            time);
    }

    private static VaultHttp Http(IServiceProvider services, string vault, string address) =>
        new(VaultHttp.NewClient(), vault, new Uri(address.TrimEnd('/') + "/"), Of<VaultOptions>(services).Timeout, services.GetRequiredService<TimeProvider>());

    private static T Of<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;
}
