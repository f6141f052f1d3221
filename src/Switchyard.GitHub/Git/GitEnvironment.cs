using System.Diagnostics;
using System.Globalization;

namespace Switchyard.GitHub.Git;

/// <summary>The remote side of a command: where, with which token, and whether objects may be missing afterwards.</summary>
internal sealed record GitAccess(Uri Remote, string? Token, bool Blobless = false);

/// <summary>
/// The whole environment of a git command. Nothing of the machine's or the user's configuration gets in; only what a
/// process needs to run and to reach the network through the operator's proxy is passed on.
/// </summary>
internal static class GitEnvironment
{
    private static readonly string[] PassedOn =
    [
        "PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", "HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy",
        "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE", "LD_LIBRARY_PATH",
    ];

    public static void Fill(ProcessStartInfo start, GitOptions options, string? directory, GitAccess? access)
    {
        var nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        var environment = start.Environment;
        var kept = PassedOn.Where(environment.ContainsKey).Select(name => (name, environment[name])).ToList();
        environment.Clear();
        foreach (var (name, value) in kept)
        {
            environment[name] = value;
        }

        environment["HOME"] = nowhere;
        environment["XDG_CONFIG_HOME"] = nowhere;
        environment["LC_ALL"] = "C";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = nowhere;
        environment["GIT_ATTR_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        environment["GIT_NO_LAZY_FETCH"] = "1";
        environment["GIT_PROTOCOL_FROM_USER"] = "0";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        // Named, so that git never searches the working folder and its parents for a repository of somebody else.
        environment["GIT_DIR"] = directory ?? nowhere;
        foreach (var (name, value) in GitCredential.ToEnvironment([.. Configuration(options, directory, nowhere, access)], 0))
        {
            environment[name] = value;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Configuration(GitOptions options, string? directory, string nowhere, GitAccess? access)
    {
        if (directory is not null)
        {
            yield return new("core.bare", "true");
        }

        yield return new("core.hooksPath", nowhere);
        yield return new("submodule.recurse", "false");
        yield return new("fetch.recurseSubmodules", "false");
        yield return new("credential.helper", "");
        yield return new("protocol.allow", "never");
        yield return new("gc.auto", "0");
        yield return new("maintenance.auto", "false");
        // Larger blobs are streamed to disk and back instead of being held in git's memory (its default is 512 MB).
        yield return new("core.bigFileThreshold", "16m");
        if (access is null)
        {
            yield break;
        }

        yield return new(access.Remote.Scheme == Uri.UriSchemeHttps ? "protocol.https.allow" : "protocol.http.allow", "always");
        // Given by command only: a mirror that knows no address can fetch nothing behind our back.
        yield return new("remote.origin.url", access.Remote.AbsoluteUri);
        yield return new("protocol.version", "2");
        // After a redirect git sends the extra header to whatever host it was sent to; see GitRedirect.
        yield return new("http.followRedirects", "false");
        yield return new("http.lowSpeedLimit", options.LowSpeedBytesPerSecond.ToString(CultureInfo.InvariantCulture));
        yield return new("http.lowSpeedTime", options.LowSpeedSeconds.ToString(CultureInfo.InvariantCulture));
        if (access.Blobless)
        {
            yield return new("remote.origin.promisor", "true");
            yield return new("remote.origin.partialclonefilter", "blob:none");
        }

        if (access.Token is not null)
        {
            yield return GitCredential.HeaderFor(access.Remote, access.Token);
        }
    }
}
