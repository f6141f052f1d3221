using System.Reflection;
using System.Runtime.InteropServices;

namespace Switchyard.Simulator.Secrets;

/// <summary>The sealed boxes of libsodium, as GitHub opens them. The framework has no X25519 of its own.</summary>
internal static partial class Sodium
{
    public const int KeyBytes = 32;
    private const int SealBytes = 48;
    private const string Library = "libsodium";
    private static readonly string[] Names = ["libsodium.so.23", "libsodium.so.26", "libsodium.dylib", "libsodium"];
    private static readonly Lazy<bool> Ready = new(Load);

    /// <summary>Null when the library is there; otherwise what to install.</summary>
    public static string? Missing => Ready.Value ? null : "The simulator cannot make or open sealed boxes: libsodium is missing. Install it (Debian, Ubuntu: apt-get install libsodium23).";

    public static (byte[] Public, byte[] Private) KeyPair()
    {
        var (publicKey, privateKey) = (new byte[KeyBytes], new byte[KeyBytes]);
        return BoxKeypair(publicKey, privateKey) == 0 ? (publicKey, privateKey) : throw new IOException("libsodium made no key pair.");
    }

    /// <summary>Null: the box was not sealed for this key, or is none.</summary>
    public static byte[]? Open(byte[] box, byte[] publicKey, byte[] privateKey)
    {
        if (box.Length < SealBytes)
        {
            return null;
        }

        var message = new byte[box.Length - SealBytes];
        return BoxSealOpen(message, box, (ulong)box.Length, publicKey, privateKey) == 0 ? message : null;
    }

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);
        try
        {
            return Init() >= 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name != Library ? 0 : Names.Select(candidate => NativeLibrary.TryLoad(candidate, assembly, path, out var handle) ? handle : 0).FirstOrDefault(handle => handle != 0);

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "crypto_box_keypair")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BoxKeypair(Span<byte> publicKey, Span<byte> privateKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_seal_open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BoxSealOpen(Span<byte> message, ReadOnlySpan<byte> box, ulong length, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> privateKey);
}
