using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Demo;

/// <summary>Does what a person does in the browser: posts the manifest, is sent back with a code, installs the App.</summary>
internal sealed partial class DemoBrowser : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>Posts the manifest where the server said, and gives the code and the state of the way back.</summary>
    public async Task<(string Code, string State)> RegisterAsync(string postUrl, string manifest, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([new("manifest", manifest)]);
        using var response = await http.PostAsync(new Uri(postUrl), form, cancellation);
        if (response.StatusCode != HttpStatusCode.Found || response.Headers.Location is not { } back)
        {
            throw await RefusedAsync(response, "register the App", cancellation);
        }

        var query = QueryHelpers.ParseQuery(back.Query);
        return (query["code"].ToString(), query["state"].ToString());
    }

    /// <summary>Installs the App on all repositories of an owner.</summary>
    public async Task InstallAsync(string installUrl, string owner, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([new("account", owner), new("repository_selection", "all")]);
        using var response = await http.PostAsync(new Uri(installUrl), form, cancellation);
        if (response.StatusCode != HttpStatusCode.Found)
        {
            throw await RefusedAsync(response, $"install the App on {owner}", cancellation);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<CommandProblem> RefusedAsync(HttpResponseMessage response, string doing, CancellationToken cancellation)
    {
        var page = await response.Content.ReadAsStringAsync(cancellation);
        var reasons = string.Join(" ", Reasons().Matches(page).Select(match => WebUtility.HtmlDecode(match.Value)));
        return new CommandProblem(ExitCode.OtherSideFailed, "DemoRefused", $"Could not {doing}: the page answered {(int)response.StatusCode}. {reasons}".TrimEnd());
    }

    [GeneratedRegex("""(?<=<li>)[^<]+|(?<=<p class="error">)[^<]+""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Reasons();
}
