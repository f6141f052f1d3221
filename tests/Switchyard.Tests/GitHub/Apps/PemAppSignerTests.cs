using System.Security.Cryptography;
using System.Text;
using Switchyard.GitHub.Apps;
using Xunit;

namespace Switchyard.Tests.GitHub.Apps;

public sealed class PemAppSignerTests
{
    [Fact]
    public async Task Both_forms_of_a_key_sign_alike_and_have_one_fingerprint()
    {
        using var pkcs1 = PemAppSigner.Parse(TestKeys.FirstKey.ExportRSAPrivateKeyPem());
        using var pkcs8 = PemAppSigner.Parse("\ufeff Bag Attributes\r\n" + TestKeys.FirstKey.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\r\n"));
        var data = Encoding.ASCII.GetBytes("header.claims");

        var signature = await pkcs1.SignAsync(data, TestContext.Current.CancellationToken);

        Assert.Equal(signature, await pkcs8.SignAsync(data, TestContext.Current.CancellationToken));
        Assert.True(TestKeys.FirstKey.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(pkcs1.Fingerprint, pkcs8.Fingerprint);
        Assert.Equal("SHA256:" + Convert.ToBase64String(SHA256.HashData(TestKeys.FirstKey.ExportSubjectPublicKeyInfo())), pkcs1.Fingerprint);
    }

    [Fact]
    public void A_key_that_cannot_be_used_is_refused_with_the_next_step()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var small = RSA.Create(1024);
        var secret = "MIIEowIBAAKCAQEA" + new string('A', 40);
        (string Pem, string Why)[] cases =
        [
            ("", "no \"-----BEGIN"),
            (secret, "no \"-----BEGIN"),
            ($"-----BEGIN RSA PRIVATE KEY-----\n{secret}\n-----END RSA PRIVATE KEY-----", "damaged"),
            (TestKeys.FirstKey.ExportSubjectPublicKeyInfoPem(), "public key, which cannot sign"),
            (TestKeys.FirstKey.ExportEncryptedPkcs8PrivateKeyPem("pass", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)), "passphrase"),
            (curve.ExportECPrivateKeyPem(), "sign with RSA"),
            (curve.ExportPkcs8PrivateKeyPem(), "not an RSA key"),
            (small.ExportRSAPrivateKeyPem(), "1024 bits"),
        ];

        foreach (var (pem, why) in cases)
        {
            var error = Assert.Throws<FormatException>(() => PemAppSigner.Parse(pem));
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
            Assert.Contains("Give the .pem file that GitHub made", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_threads_sign_at_once()
    {
        var data = Encoding.ASCII.GetBytes("x");
        var expected = await TestKeys.First.SignAsync(data, default);

        await Parallel.ForAsync(0, 200, async (_, stop) => Assert.Equal(expected, await TestKeys.First.SignAsync(data, stop)));
    }
}
