namespace Switchyard.GitHub;

/// <summary>Tokens travel over https only; plain http is for a simulator on this machine.</summary>
internal static class LoopbackRule
{
    public static bool Allows(Uri uri) =>
        uri.IsAbsoluteUri
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0
        && uri.Host.Length > 0;

    public static Uri Require(Uri uri) => Allows(uri)
        ? uri
        : throw new ArgumentException(
            $"The address {Redaction.Scrub(uri.OriginalString)} cannot be used: it must begin with https:// and hold no user name or password. Plain http is accepted on loopback only.");

    public static bool SameHost(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
