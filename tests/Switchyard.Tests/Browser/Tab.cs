using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Switchyard.Tests.Browser;

/// <summary>A page in a browser, and what the browser complained of.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = [];

    public Tab(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.RequestFailed += (_, request) => Note(!request.Url.Contains("/events?", StringComparison.Ordinal) && request.Failure != "net::ERR_ABORTED", $"request failed: {request.Url} {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 500, $"{response.Status}: {response.Url}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Complaints => complaints;

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

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private void Note(bool wrong, string text)
    {
        if (wrong)
        {
            complaints.Enqueue(text);
        }
    }
}
