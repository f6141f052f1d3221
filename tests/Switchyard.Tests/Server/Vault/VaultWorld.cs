using System.Security.Cryptography;
using Azure.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using Switchyard.Tests.Infrastructure;
using Switchyard.Tests.Server.Vault.Fakes;

namespace Switchyard.Tests.Server.Vault;

/// <summary>The server's own parts on a database of their own, with a clock that a test moves and fakes of all vaults. Nothing runs by itself.</summary>
internal sealed class VaultWorld : IAsyncDisposable
{
    private readonly DatabasePlace place;
    private readonly Dictionary<string, string?> settings;

    private VaultWorld(DatabasePlace place, Dictionary<string, string?> settings, FakeTime time)
    {
        this.place = place;
        this.settings = settings;
        Time = time;
        HashiCorp = new FakeHashiCorpVault(time);
        Oci = new FakeOciVault(time);
    }

    public FakeTime Time { get; }

    public FakeAzureVault Azure { get; } = new();

    public FakeHashiCorpVault HashiCorp { get; }

    public FakeOciVault Oci { get; }

    public WebApplication App { get; private set; } = null!;

    public Database Database => Get<Database>();

    public SecretVault Vault => Get<SecretVault>();

    public string DataFolder => place.Folder;

    /// <param name="kind">The vault that new secrets go into; all are configured.</param>
    /// <param name="database"><c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="more">Further settings.</param>
    public static async Task<VaultWorld> StartAsync(string kind, string database = "sqlite", IReadOnlyDictionary<string, string?>? more = null)
    {
        var place = await DatabasePlace.CreateAsync(Enum.Parse<DatabaseKind>(database, ignoreCase: true));
        var world = new VaultWorld(place, new(StringComparer.Ordinal), new FakeTime());
        await Task.WhenAll(world.Azure.StartAsync(), world.HashiCorp.StartAsync(), world.Oci.StartAsync());
        foreach (var (key, value) in world.AllVaults().Concat(more ?? new Dictionary<string, string?>()))
        {
            world.settings[key] = value;
        }

        await world.RestartAsync(kind);
        return world;
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public ISecretStore Store(string kind) => Get<VaultSet>().Find(kind)!;

    public VaultFake? Fake(string kind) => kind switch
    {
        VaultKind.Azure => Azure,
        VaultKind.HashiCorp => HashiCorp,
        VaultKind.Oci => Oci,
        _ => null,
    };

    /// <summary>The same database under other settings; a key in <paramref name="without"/> is not set any more.</summary>
    public async Task RestartAsync(string kind, params string[] without)
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }

        settings["Vault:Kind"] = kind;
        var all = settings.Where(pair => !without.Contains(pair.Key)).ToDictionary();
        App = SwitchyardHost.Build([], all, services => services.AddSingleton<TimeProvider>(Time).AddSingleton<TokenCredential>(Azure.Credential));
        await Database.OpenAsync(CancellationToken.None);
        await Get<Migrations>().ApplyAsync(CancellationToken.None);
    }

    public async Task SetAsync(string scope, string name, string value, bool fails = false)
    {
        var secret = await Vault.SealAsync(value, CancellationToken.None);
        await Database.WriteAsync(
            async session =>
            {
                await Vault.SetAsync(session, scope, name, secret, "ann");
                if (fails)
                {
                    throw new InvalidOperationException("as a test wants it");
                }
            },
            CancellationToken.None);
    }

    public Task<string?> ReadAsync(string scope, string name) => Vault.ReadTextAsync(scope, name, CancellationToken.None);

    /// <summary>What the recurring job does, after some time.</summary>
    public async Task TendAsync(TimeSpan after)
    {
        Time.Advance(after);
        await App.Services.GetServices<RecurringJob>().OfType<TendVaults>().Single().RunAsync(CancellationToken.None);
    }

    /// <summary>Lets the work go on through its pauses; those that are longer (a time-out) are not reached.</summary>
    public async Task<T> PassAsync<T>(Task<T> work, TimeSpan? longest = null)
    {
        while (!work.IsCompleted)
        {
            var timer = Time.NextTimerAsync(longest ?? TimeSpan.FromSeconds(5), once: true);
            if (await Task.WhenAny(work, timer) == timer)
            {
                Time.Advance(await timer);
            }
        }

        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Azure.DisposeAsync();
        await HashiCorp.DisposeAsync();
        await Oci.DisposeAsync();
        await place.DisposeAsync();
    }

    private Dictionary<string, string?> AllVaults()
    {
        var key = Path.Combine(place.Folder, "oci.pem");
        WriteKey(key, Oci.Key);
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:DataFolder"] = place.Folder,
            ["Storage:PostgreSql"] = place.PostgreSql,
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "None",
            ["Vault:MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Vault:Azure:Url"] = Azure.Address.ToString(),
            ["Vault:HashiCorp:Address"] = HashiCorp.Address.ToString(),
            ["Vault:HashiCorp:Token"] = FakeHashiCorpVault.RootToken,
            ["Vault:Oci:VaultId"] = FakeOciVault.VaultId,
            ["Vault:Oci:CompartmentId"] = FakeOciVault.CompartmentId,
            ["Vault:Oci:KeyId"] = FakeOciVault.KeyId,
            ["Vault:Oci:TenancyId"] = FakeOciVault.User.Split('/')[0],
            ["Vault:Oci:UserId"] = FakeOciVault.User.Split('/')[1],
            ["Vault:Oci:Fingerprint"] = FakeOciVault.User.Split('/')[2],
            ["Vault:Oci:PrivateKeyFile"] = key,
            ["Vault:Oci:ManagementUrl"] = Oci.Address.ToString(),
            ["Vault:Oci:RetrievalUrl"] = Oci.Address.ToString(),
        };
    }

    private static void WriteKey(string file, RSA key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportRSAPrivateKeyPem()));
    }
}
