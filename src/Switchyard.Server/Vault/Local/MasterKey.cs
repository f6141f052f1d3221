using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault.Local;

/// <summary>The key that every secret at rest is under: from the configuration, a file, or made at the first run with SQLite.</summary>
internal sealed partial class MasterKey
{
    private const int Size = 32;

    private MasterKey(byte[] key)
    {
        Bytes = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key))[..16];
    }

    public byte[] Bytes { get; }

    /// <summary>Names the key without telling it, so that rows under another key are recognised.</summary>
    public string Id { get; }

    public static MasterKey Load(IOptions<VaultOptions> vault, IOptions<StorageOptions> storage, ILogger<MasterKey> logger)
    {
        if (vault.Value.MasterKey is { Length: > 0 } text)
        {
            return Parse(text, "Vault:MasterKey");
        }

        var file = vault.Value.MasterKeyFile ?? Path.Combine(storage.Value.DataPath, "master.key");
        if (File.Exists(file))
        {
            SecretFile.RefuseIfOthersMayRead(file, "The master key file");
            return Parse(File.ReadAllText(file), file);
        }

        if (vault.Value.MasterKeyFile is not null)
        {
            throw new InvalidOperationException(
                $"Vault:MasterKeyFile names {file}, which does not exist. Put 32 random bytes in base64 there (openssl rand -base64 32), mode 0600.");
        }

        if (vault.Value.Kind != VaultKind.Local)
        {
            throw new VaultException($"There is no master key, which secrets in this server's database need: Vault:MasterKey and Vault:MasterKeyFile are not set, and {file} does not exist. Put the key back there (openssl rand -base64 32 makes a new one).");
        }

        if (storage.Value.PostgreSql is not null)
        {
            throw new InvalidOperationException(
                "With PostgreSQL every node needs the same master key. Set Vault:MasterKey (SWITCHYARD_Vault__MasterKey) or Vault:MasterKeyFile to 32 random bytes in base64 (openssl rand -base64 32).");
        }

        return Generate(file, logger);
    }

    private static MasterKey Generate(string file, ILogger logger)
    {
        var key = RandomNumberGenerator.GetBytes(Size);
        PrivateFolder.Create(Path.GetDirectoryName(file)!);
        using (var stream = PrivateFolder.CreateFile(file))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        Log.Generated(logger, file);
        return new MasterKey(key);
    }

    private static MasterKey Parse(string text, string source)
    {
        try
        {
            var key = Convert.FromBase64String(text.Trim());
            if (key.Length == Size)
            {
                return new MasterKey(key);
            }
        }
        catch (FormatException)
        {
            // Said below, without the text: it may be most of a key.
        }

        throw new InvalidOperationException($"The master key in {source} is not 32 bytes in base64. Make one with: openssl rand -base64 32");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "MasterKeyGenerated: a master key was made at {File}. Back it up apart from the database: without it the stored secrets are lost.", EventName = "MasterKeyGenerated")]
        public static partial void Generated(ILogger logger, string file);
    }
}
