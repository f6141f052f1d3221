using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Sends signed push deliveries over raw keep-alive connections and notes which were acknowledged. A connection that breaks is
/// made anew; the delivery on it counts as not acknowledged, as it does at GitHub.
/// </summary>
internal sealed class DeliverySource
{
    private const int Subjects = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly byte[][] bodies = [.. Enumerable.Range(0, Subjects).Select(Body)];
    private readonly string[] signatures;
    private readonly ConcurrentDictionary<string, bool> acknowledged = new(StringComparer.Ordinal);

    public DeliverySource() =>
        signatures = [.. bodies.Select(body => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Stage.WebhookSecret), body)))];

    /// <summary>The GUIDs that were answered with 202.</summary>
    public ICollection<string> Acknowledged => acknowledged.Keys;

    public int AcknowledgedCount => acknowledged.Count;

    /// <summary>Sends what has not been acknowledged until it is, or until it is cancelled.</summary>
    /// <param name="firstSubject">The repository of the first; each next one is of the next repository, and so of another lane.</param>
    /// <param name="ports">The nodes; the connections are spread over them.</param>
    public async Task SendAsync(IReadOnlyList<string> guids, IReadOnlyList<int> ports, int connections, bool insist, CancellationToken cancellation, int firstSubject = 0)
    {
        var left = new ConcurrentQueue<(string Guid, int Subject)>(guids.Select((guid, i) => (guid, (firstSubject + i) % Subjects)).Where(item => !acknowledged.ContainsKey(item.guid)));
        await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(
            () => SendOverOneAsync(left, ports, i, insist, cancellation), CancellationToken.None)));
    }

    private async Task SendOverOneAsync(ConcurrentQueue<(string Guid, int Subject)> left, IReadOnlyList<int> ports, int number, bool insist, CancellationToken cancellation)
    {
        Socket? socket = null;
        var answer = new byte[4096];
        while (!cancellation.IsCancellationRequested && left.TryDequeue(out var item))
        {
            try
            {
                socket ??= await ConnectAsync(ports[number % ports.Count], cancellation);
                await socket.SendAsync(Request(item.Guid, item.Subject), cancellation);
                if (await ReadStatusAsync(socket, answer, cancellation) == 202)
                {
                    acknowledged[item.Guid] = true;
                    continue;
                }
            }
            catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException)
            {
                // Not acknowledged.
            }

            socket?.Dispose();
            socket = null;
            number++;
            if (insist)
            {
                left.Enqueue(item);
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }

        socket?.Dispose();
    }

    private static async Task<Socket> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private byte[] Request(string guid, int subject) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /webhooks/{Stage.Slug} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Hook-ID: 1\r\n" +
            $"X-Hub-Signature-256: sha256={signatures[subject]}\r\nX-GitHub-Delivery: {guid}\r\n" +
            $"Content-Length: {bodies[subject].Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"),
        .. bodies[subject],
    ];

    private static async Task<int> ReadStatusAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                throw new IOException("The server hung up.");
            }

            length += read;
        }

        return int.Parse(buffer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static byte[] Body(int subject) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        @ref = "refs/heads/topic",
        before = new string('1', 40),
        after = new string('2', 40),
        repository = new { id = 900_000 + subject, name = "models", full_name = $"elsewhere/models-{subject}", default_branch = "main", owner = new { login = "elsewhere", id = 1 } },
        sender = new { login = "modeller", id = 2 },
        installation = new { id = 99 },
        deleted = false,
    });
}
