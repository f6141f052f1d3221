using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Switchyard.Benchmarks.Intake;

/// <summary>What intake cannot be faster than: Kestrel, the body read, its HMAC computed and compared, nothing stored.</summary>
internal static class FloorServer
{
    public static async Task RunAsync(int port, string secret)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenLocalhost(port));
        var app = builder.Build();
        var key = Encoding.UTF8.GetBytes(secret);
        app.Run(async context =>
        {
            var body = new byte[context.Request.ContentLength!.Value];
            await context.Request.Body.ReadExactlyAsync(body);
            var expected = Convert.FromHexString(context.Request.Headers["X-Hub-Signature-256"].ToString().AsSpan(7));
            context.Response.StatusCode = CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body), expected) ? 202 : 401;
        });
        await app.RunAsync();
    }
}
