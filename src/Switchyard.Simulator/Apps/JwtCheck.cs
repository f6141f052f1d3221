using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Apps;

/// <summary>Checks an App's JSON web token as GitHub does, with GitHub's words (docs: generating a JWT for a GitHub App).</summary>
internal sealed class JwtCheck(World world)
{
    private const string CannotDecode = "A JSON web token could not be decoded";

    public App Check(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Parse(parts[0]) is not { } header || Parse(parts[1]) is not { } claims)
        {
            throw Refuse(CannotDecode);
        }

        using (header)
        using (claims)
        {
            if (Text(header.RootElement, "alg") != "RS256")
            {
                throw Refuse(CannotDecode);
            }

            var app = Issuer(claims.RootElement);
            if (!Signed(app, parts))
            {
                throw Refuse(CannotDecode);
            }

            CheckTimes(claims.RootElement);
            return app;
        }
    }

    private static RefusedException Refuse(string message, int status = 401) => new(Answer.Error(status, message));

    private App Issuer(JsonElement claims)
    {
        var issuer = claims.TryGetProperty("iss", out var value) ? value.ToString() : "";
        var numeric = issuer.Length > 0 && issuer.All(char.IsAsciiDigit);
        var onlyNumbers = world.Faults.IsOn("jwt.rejectClientId")
            || (world.Faults.Find("api.ghes") is { } ghes && ghes.IsVersionBelow("version", "3.20", 3, 14));
        if (onlyNumbers && !numeric)
        {
            throw Refuse("'Issuer' claim ('iss') must be an Integer");
        }

        return world.Apps.FindByIssuer(issuer) ?? throw Refuse("Integration not found", 404);
    }

    private bool Signed(App app, string[] parts)
    {
        var data = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var signature = Decode(parts[2]);
        var rejected = world.Faults.Find("jwt.rejectKey")?.Int("n", 1);
        return signature is not null && app.Keys.Where((_, index) => index + 1 != rejected)
            .Any(key => key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private void CheckTimes(JsonElement claims)
    {
        var now = world.Clock.Now.ToUnixTimeSeconds();
        if (Number(claims, "exp") is not { } expires || expires <= now)
        {
            throw Refuse("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
        }

        if (expires - now > 600)
        {
            throw Refuse("'Expiration time' claim ('exp') is too far in the future");
        }

        if (Number(claims, "iat") is not { } issued || issued > now)
        {
            throw Refuse("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
        }
    }

    private static JsonDocument? Parse(string part)
    {
        try
        {
            return Decode(part) is { } bytes && JsonDocument.Parse(bytes) is { RootElement.ValueKind: JsonValueKind.Object } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
