using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Access;

/// <summary>
/// Who may write the data folder may do anything with it, but while a server has it, only that can. So a command on this machine leaves a
/// question there, and the server answers with an administrator's token of some minutes and its address. No token lies there unasked.
/// </summary>
internal sealed partial class LocalAccess(TokenStore tokens, IServer server, IOptions<StorageOptions> storage, ILogger<LocalAccess> logger) : BackgroundService
{
    public const string Folder = "ask";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var folder = Path.Combine(storage.Value.DataPath, Folder);
        PrivateFolder.Create(folder);

        // The command waits by the machine's clock, whatever clock the server has.
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var question in Directory.EnumerateFiles(folder, "*.question"))
                {
                    await AnswerAsync(question, stoppingToken);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Log.NotAnswered(logger, Unexpected.Describe(failure, "LocalQuestionNotAnswered"));
            }
        }
    }

    private async Task AnswerAsync(string question, CancellationToken cancellation)
    {
        File.Delete(question);
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        var (token, _) = await tokens.CreateAsync(TokenStore.LocalName, Role.Admin, Lifetime, cancellation);
        var answer = Path.ChangeExtension(question, "answer");
        await using (var stream = PrivateFolder.CreateFile(answer + ".draft"))
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{address}\n{token}\n"), cancellation);
        }

        File.Move(answer + ".draft", answer, overwrite: true);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "LocalQuestionNotAnswered: a command on this machine asked for access in the data folder. {Reason}", EventName = "LocalQuestionNotAnswered")]
        public static partial void NotAnswered(ILogger logger, string reason);
    }
}
