using System.Security.Cryptography;
using Switchyard.GitHub.Apps;

namespace Switchyard.Tests.GitHub;

/// <summary>Two keys, made once for all tests.</summary>
internal static class TestKeys
{
    public static RSA FirstKey { get; } = RSA.Create(2048);

    public static RSA SecondKey { get; } = RSA.Create(2048);

    public static PemAppSigner First { get; } = PemAppSigner.Parse(FirstKey.ExportRSAPrivateKeyPem());

    public static PemAppSigner Second { get; } = PemAppSigner.Parse(SecondKey.ExportPkcs8PrivateKeyPem());
}
