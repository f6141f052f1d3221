using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Switchyard.GitHub.Apps;

/// <summary>
/// The App's proof of identity: iat 60 s back and exp 540 s ahead of GitHub's clock (GitHub refuses an iat in the future
/// and an exp above 600 s). One proof serves for some minutes; with two keys, the one accepted last comes first.
/// </summary>
internal sealed class AppJwt(AppCredentials credentials, ServerClock clock)
{
    private const int BackSeconds = 60;
    private const int AheadSeconds = 540;

    // A walk over many pages asks for each page, so no page meets a proof about to end.
    private static readonly TimeSpan UsedFor = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan SkewTolerated = TimeSpan.FromSeconds(5);

    private readonly IAppSigner[] signers = credentials.NextSigner is { } next ? [credentials.Signer, next] : [credentials.Signer];
    private readonly Proof?[] proofs = new Proof?[credentials.NextSigner is null ? 1 : 2];
    private volatile int accepted;

    /// <summary>How many keys there are to try.</summary>
    public int Keys => signers.Length;

    public async ValueTask<string> GetAsync(int attempt, CancellationToken cancellation)
    {
        var index = (accepted + attempt) % signers.Length;
        var now = clock.Now;
        if (proofs[index] is { } proof && now - proof.MadeAt < UsedFor && now >= proof.MadeAt && (clock.Skew - proof.Skew).Duration() < SkewTolerated)
        {
            return proof.Text;
        }

        var made = await MakeAsync(signers[index], credentials.Issuer, now, cancellation);
        proofs[index] = new Proof(made, now, clock.Skew);
        return made;
    }

    /// <summary>Remembers whose proof worked; true when that is another key than before.</summary>
    public bool Accepted(string proof)
    {
        var index = Array.FindIndex(proofs, made => made?.Text == proof);
        if (index < 0 || index == accepted)
        {
            return false;
        }

        accepted = index;
        return true;
    }

    /// <summary>Makes the proofs anew: GitHub refused one.</summary>
    public void Forget() => Array.Clear(proofs);

    internal static async ValueTask<string> MakeAsync(IAppSigner signer, string issuer, DateTimeOffset now, CancellationToken cancellation)
    {
        const string Header = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"; // {"alg":"RS256","typ":"JWT"}
        var seconds = now.ToUnixTimeSeconds();
        var claims = $$"""{"iat":{{seconds - BackSeconds}},"exp":{{seconds + AheadSeconds}},"iss":"{{JsonEncodedText.Encode(issuer)}}"}""";
        var signed = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = await signer.SignAsync(Encoding.ASCII.GetBytes(signed), cancellation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private sealed record Proof(string Text, DateTimeOffset MadeAt, TimeSpan Skew);
}
