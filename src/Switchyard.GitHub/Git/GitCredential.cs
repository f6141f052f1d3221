using System.Globalization;

namespace Switchyard.GitHub.Git;

/// <summary>
/// Gives git a token without a trace: through the environment, never in an argument, a URL or a configuration file
/// (a token in the clone URL is written to .git/config and dies after an hour).
/// </summary>
public static class GitCredential
{
    /// <summary>
    /// The environment variables for git commands that talk to the host of <paramref name="remote"/>, and to no other.
    /// </summary>
    /// <param name="remote">Any URL of the host; https, or http on loopback.</param>
    /// <param name="token">An installation or personal access token.</param>
    /// <param name="existingCount">The value of GIT_CONFIG_COUNT already in the environment; ours are added behind it.</param>
    public static IReadOnlyDictionary<string, string> Environment(Uri remote, string token, int existingCount = 0) =>
        ToEnvironment([HeaderFor(remote, token)], existingCount);

    internal static KeyValuePair<string, string> HeaderFor(Uri remote, string token) =>
        new($"http.{LoopbackRule.Require(remote).GetLeftPart(UriPartial.Authority)}/.extraHeader", $"Authorization: Basic {Redaction.Basic(token)}");

    internal static Dictionary<string, string> ToEnvironment(IReadOnlyList<KeyValuePair<string, string>> configuration, int existingCount)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < configuration.Count; i++)
        {
            var index = (existingCount + i).ToString(CultureInfo.InvariantCulture);
            environment["GIT_CONFIG_KEY_" + index] = configuration[i].Key;
            environment["GIT_CONFIG_VALUE_" + index] = configuration[i].Value;
        }

        environment["GIT_CONFIG_COUNT"] = (existingCount + configuration.Count).ToString(CultureInfo.InvariantCulture);
        return environment;
    }
}
