using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;

namespace Switchyard.Cli.Serve;

/// <summary>
/// The way in where nobody has one: an administrator's token of half an hour, in a file that only the user of the server
/// can read. It is not printed, since what is printed is kept in logs. It ends when an administrator's own token is made.
/// </summary>
internal static class SetupToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>The file of the new token, or null where somebody can sign in already.</summary>
    public static async Task<string?> MakeAsync(IServiceProvider services, StorageOptions storage, TimeProvider time, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<TokenStore>();

        // With PostgreSQL nothing else has made the folder yet, and deleting in a folder that is not there throws.
        PrivateFolder.Create(storage.DataPath);
        var file = Path.Combine(storage.DataPath, "setup-token");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if ((await store.ListAsync(cancellation)).Any(token => token.RevokedAt is null && (token.ExpiresAt is null || token.ExpiresAt > now) && token.Name is not (TokenStore.SetupName or TokenStore.LocalName)))
        {
            File.Delete(file);
            return null;
        }

        var (token, _) = await store.CreateAsync(TokenStore.SetupName, Role.Admin, Lifetime, cancellation);
        File.Delete(file);
        await using var stream = PrivateFolder.CreateFile(file);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(token + "\n"), cancellation);
        return file;
    }
}
