using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>A page in a browser, and what the browser complained of.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = [];

    public Tab(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console {message.Type}: {message.Text} {message.Location}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.RequestFailed += (_, request) => Note(!request.Url.Contains("/events?", StringComparison.Ordinal) && request.Failure != "net::ERR_ABORTED", $"request failed: {request.Url} {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 500, $"{response.Status}: {response.Url}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>What the last form said: the page says it once.</summary>
    public ILocator Said => Page.Locator(".said");

    /// <summary>Fails if it complained of anything, but for answers with a status that the test asked for.</summary>
    public void MustBeQuiet(params int[] but)
    {
        var wrong = complaints.Where(complaint => !but.Any(status =>
            complaint.StartsWith($"{status}: ", StringComparison.Ordinal) || complaint.StartsWith($"console error: Failed to load resource: the server responded with a status of {status} ", StringComparison.Ordinal)));
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    /// <summary>The complaints since the last time.</summary>
    public IEnumerable<string> TakeComplaints()
    {
        while (complaints.TryDequeue(out var complaint))
        {
            yield return complaint;
        }
    }

    /// <summary>Goes there and waits until the page's parts are in.</summary>
    public async Task<IResponse> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        await Page.EvaluateAsync("document.fonts.ready");
        return response!;
    }

    /// <summary>What that opens in a tab of its own, in the same window: it goes with this one.</summary>
    public async Task<Tab> OpensAsync(Func<Task> act) => new(await Page.Context.RunAndWaitForPageAsync(act));

    /// <summary>What that saves: under which name, and its bytes.</summary>
    public async Task<(string Name, byte[] Content)> DownloadsAsync(Func<Task> act)
    {
        var download = await Page.RunAndWaitForDownloadAsync(act);
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private void Note(bool wrong, string text)
    {
        if (wrong)
        {
            complaints.Enqueue(text);
        }
    }
}
