using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>
/// Posts signed deliveries with distinct GUIDs, each of a push of its own, over raw keep-alive connections, so that the generator costs little beside the
/// server it shares the machine with.
/// </summary>
internal sealed class DeliveryLoad(int port, IReadOnlyList<byte[]> bodies, string path = IntakeStage.WebhookPath)
{
    private const int GuidLength = 36;

    /// <summary>20,000 a second. GitHub's GUIDs are version 1: the clock in steps of 100 ns, its lower bits first.</summary>
    private const long TicksApart = 500;

    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(IntakeStage.Secret);

    private static long pushes = PushPayload.FirstPush;

    private static long clock = TimeProvider.System.GetUtcNow().Ticks;

    /// <summary>Sends the deliveries as fast as the server answers, or at the given rate; gives the rate per second and the latencies.</summary>
    public async Task<(double Rate, Latencies Latencies)> RunAsync(int connections, int count, double? pacedRate = null)
    {
        var left = count;
        var started = TimeProvider.System.GetTimestamp();
        var next = 0L;
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            var latencies = new List<double>(count / connections * 2);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var requests = bodies.Where((_, index) => index % connections == number % bodies.Count).Select(NewRequest).ToArray();
            var turn = 0;
            var answer = new byte[4096];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (pacedRate is { } rate)
                {
                    var due = TimeSpan.FromSeconds(Interlocked.Increment(ref next) / rate);
                    var wait = due - TimeProvider.System.GetElapsedTime(started);
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, TimeProvider.System);
                    }
                }

                var request = requests[turn++ % requests.Length];
                NextGuid().TryFormat(request.Bytes.AsSpan(request.GuidAt, GuidLength), out _);
                request.PushAnew();
                var sent = TimeProvider.System.GetTimestamp();
                await socket.SendAsync(request.Bytes);
                await ReadAnswerAsync(socket, answer);
                latencies.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            }

            return latencies;
        })));
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return (count / elapsed, new Latencies([.. all.SelectMany(list => list)]));
    }

    private static Guid NextGuid()
    {
        var ticks = Interlocked.Add(ref clock, TicksApart);
        return new Guid((int)ticks, (short)(ticks >> 32), (short)(0x1000 | ((ticks >> 48) & 0xfff)), 0x9c, 0x1e, 0x62, 0x45, 0xaa, 0x16, 0xbc, 0x7e);
    }

    private Request NewRequest(byte[] body)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Hook-ID: 1\r\n" +
            $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\nX-Hub-Signature-256: sha256={new string('0', 64)}\r\nX-GitHub-Delivery: ");
        return new Request([.. head, .. new byte[GuidLength], .. "\r\n\r\n"u8, .. body], head.Length, body.Length);
    }

    /// <summary>Reads one answer with an empty body; anything but 202 ends the run.</summary>
    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += read;
            var text = buffer.AsSpan(0, length);
            if (read == 0 || (text.Length >= 12 && !text[9..12].SequenceEqual("202"u8)))
            {
                throw new RefusedException("The server answered: " + Encoding.ASCII.GetString(text));
            }

            if (text.IndexOf("\r\n\r\n"u8) >= 0)
            {
                return;
            }
        }
    }

    private sealed class Request(byte[] bytes, int guidAt, int bodyLength)
    {
        private readonly int signatureAt = bytes.AsSpan().IndexOf("sha256="u8) + "sha256=".Length;
        private readonly int pushedAt = bytes.AsSpan().IndexOf("\"pushed_at\":"u8) + "\"pushed_at\":".Length;

        public byte[] Bytes => bytes;

        public int GuidAt => guidAt;

        /// <summary>The next push: a fact that no delivery has told.</summary>
        public void PushAnew()
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(Interlocked.Increment(ref pushes), bytes.AsSpan(pushedAt), out _);
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Secret, bytes.AsSpan(bytes.Length - bodyLength))), bytes.AsSpan(signatureAt));
        }
    }

    public sealed class RefusedException(string message) : Exception(message);
}
