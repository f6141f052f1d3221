using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Switchyard.Server.Vault.Remote;

namespace Switchyard.Server.Vault.Oci;

/// <summary>
/// Signature version 1 of Oracle's API (draft-cavage-http-signatures-08, RSA-SHA256):
/// https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm
/// </summary>
internal sealed class OciRequestSigner(string keyId, RSA key)
{
    private readonly Lock one = new();

    /// <summary>Adds date, host, what describes the body, and the signature.</summary>
    public void Sign(HttpRequestMessage request, byte[]? body, DateTimeOffset now)
    {
        var date = now.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("date", date);
        request.Headers.Host = request.RequestUri!.Authority;
        if (body is not null)
        {
            request.Content = VaultJson.Content(body);
            request.Content.Headers.Add("x-content-sha256", Convert.ToBase64String(SHA256.HashData(body)));
        }

        request.Headers.TryAddWithoutValidation("Authorization", Authorization(request.Method.Method, request.RequestUri, date, body));
    }

    public string Authorization(string method, Uri url, string date, byte[]? body)
    {
        var headers = "date (request-target) host" + (body is null ? "" : " content-length content-type x-content-sha256");
        byte[] signature;
        lock (one)
        {
            signature = key.SignData(Encoding.UTF8.GetBytes(SigningString(method, url, date, body)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return $"Signature version=\"1\",headers=\"{headers}\",keyId=\"{keyId}\",algorithm=\"rsa-sha256\",signature=\"{Convert.ToBase64String(signature)}\"";
    }

    public static string SigningString(string method, Uri url, string date, byte[]? body)
    {
        var text = $"date: {date}\n(request-target): {method.ToLowerInvariant()} {url.PathAndQuery}\nhost: {url.Authority}";
        return body is null
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text}\ncontent-length: {body.Length}\ncontent-type: {VaultJson.MediaType}\nx-content-sha256: {Convert.ToBase64String(SHA256.HashData(body))}");
    }
}
