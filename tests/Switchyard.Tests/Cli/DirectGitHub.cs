using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.Cli;

/// <summary>A GitHub of scripted answers over real HTTP, and commands that speak to it with a token.</summary>
internal sealed class DirectGitHub : IAsyncDisposable
{
    private DirectGitHub(FakeServer server) => Server = server;

    public FakeServer Server { get; }

    public FakeTime Time { get; } = new();

    public IEnumerable<FakeRequest> Writes => Server.Requests.Where(request => request.Method != "GET");

    public static async Task<DirectGitHub> StartAsync()
    {
        var github = new DirectGitHub(await FakeServer.StartAsync());
        github.Server
            .On("GET /repos/acme/tests", """{"id":7,"name":"tests","full_name":"acme/tests","default_branch":"trunk"}""")
            .On("GET /repos/acme/old", """{"id":7,"name":"tests","full_name":"acme/tests","default_branch":"trunk"}""")
            .On("GET /user", """{"login":"ann","id":1}""");
        return github;
    }

    public CommandRun Command(string input = "", bool onTerminal = false, string? folder = null, CancellationToken cancellation = default) => new()
    {
        Input = input,
        OnTerminal = onTerminal,
        Time = Time,
        Folder = folder ?? Path.GetTempPath(),
        Cancellation = cancellation,
        ["SWITCHYARD_GITHUB_TOKEN"] = "github_pat_of_the_tests",
        ["SWITCHYARD_API_URL"] = Server.Url,
        ["SWITCHYARD_WEB_URL"] = Server.Url,
    };

    /// <summary>Runs a command to its end, moving the clock to whatever it waits for. Time-outs of single calls are longer than its waits.</summary>
    public async Task<CommandOutcome> RunAsync(params string[] line) => await DriveAsync(Command().RunAsync(line));

    public async Task<CommandOutcome> DriveAsync(Task<CommandOutcome> running)
    {
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30)));
        }

        return await running;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
