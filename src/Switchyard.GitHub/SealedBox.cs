using System.Reflection;
using System.Runtime.InteropServices;

namespace Switchyard.GitHub;

/// <summary>libsodium's <c>crypto_box_seal</c>: a message that only the holder of the private key can open. GitHub takes secrets in this form.</summary>
public static partial class SealedBox
{
    private const string Library = "libsodium";
    private const int KeyBytes = 32;

    // crypto_box_SEALBYTES: the passing public key (32) and the tag (16).
    private const int Overhead = 48;

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["libsodium"] : OperatingSystem.IsMacOS() ? ["libsodium.dylib", "libsodium.23.dylib", "/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib"] : ["libsodium.so.23", "libsodium.so.26", "libsodium.so"];

    static SealedBox() => NativeLibrary.SetDllImportResolver(typeof(SealedBox).Assembly, Resolve);

    /// <param name="publicKey">32 bytes of Curve25519.</param>
    /// <param name="value">The plain bytes; the caller wipes them.</param>
    /// <returns>48 bytes more than <paramref name="value"/>, others each time.</returns>
    /// <exception cref="ArgumentException">No such key.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium is not installed; the message says what to install.</exception>
    public static byte[] Seal(byte[] publicKey, ReadOnlySpan<byte> value)
    {
        if (publicKey.Length != KeyBytes)
        {
            throw new ArgumentException($"A public key has {KeyBytes} bytes, not {publicKey.Length}.", nameof(publicKey));
        }

        var sealedValue = new byte[value.Length + Overhead];
        try
        {
            // Any number of times, from any thread; negative only where the machine has no randomness.
            if (Initialize() < 0)
            {
                throw new InvalidOperationException("libsodium could not be initialized: the machine gives no random numbers.");
            }

            return Seal(sealedValue, value, (ulong)value.Length, publicKey) == 0 ? sealedValue : throw new ArgumentException("libsodium refused the public key.", nameof(publicKey));
        }
        catch (DllNotFoundException error)
        {
            throw new PlatformNotSupportedException(
                "Secrets are sealed with libsodium, which is not on this machine. Install it: apt-get install libsodium23 (Debian, Ubuntu), dnf install libsodium (Fedora, RHEL), apk add libsodium (Alpine), brew install libsodium (macOS).", error);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_box_seal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Seal(Span<byte> sealedValue, ReadOnlySpan<byte> value, ulong length, ReadOnlySpan<byte> publicKey);
}
