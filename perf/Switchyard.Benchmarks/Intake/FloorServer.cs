using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>
/// What intake cannot be faster than: Kestrel, the body read, its HMAC computed and compared, nothing stored. A GET finds
/// nothing to do: what a start cannot be faster than.
/// </summary>
internal static class FloorServer
{
    /// <summary>Starts it in a process of its own.</summary>
    public static Task<ServerProcess> StartAsync()
    {
        var port = ServerProcess.FreePort();
        return ServerProcess.StartAsync(Environment.ProcessPath!, ["floor-server", port.ToString(CultureInfo.InvariantCulture)], port);
    }

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenLocalhost(port));
        var app = builder.Build();
        var key = Encoding.UTF8.GetBytes(IntakeStage.Secret);
        app.Run(async context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                return;
            }

            var body = new byte[context.Request.ContentLength!.Value];
            await context.Request.Body.ReadExactlyAsync(body);
            var expected = Convert.FromHexString(context.Request.Headers["X-Hub-Signature-256"].ToString().AsSpan(7));
            context.Response.StatusCode = CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body), expected) ? 202 : 401;
        });
        await app.RunAsync();
    }
}
