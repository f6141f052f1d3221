using System.Security.Cryptography;

namespace Switchyard.Server.Vault;

/// <summary>Files that hold a key; one that others may read is refused.</summary>
internal static class SecretFile
{
    public static void RefuseIfOthersMayRead(string file, string what)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"{what} {file} can be read by others. Run: chmod 600 {file}");
        }
    }

    public static RSA ReadKey(string file, string setting)
    {
        if (!File.Exists(file))
        {
            throw new InvalidOperationException($"{setting} names {file}, which does not exist.");
        }

        RefuseIfOthersMayRead(file, "The key file");
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(file));
            return rsa;
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            throw new InvalidOperationException($"{setting} names {file}, which holds no RSA private key without a passphrase (PEM).", broken);
        }
    }
}
