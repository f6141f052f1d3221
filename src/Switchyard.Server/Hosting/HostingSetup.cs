using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Health;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Hosting.Telemetry;

namespace Switchyard.Server.Hosting;

public static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<SettingNames.Checked>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SettingNames.Checked>>(new SettingNames(builder.Configuration));
        builder.Services.AddHostedService<PrepareDatabase>();
        builder.Services.AddSingleton<Lanes>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Lanes>());
        builder.Services.AddSingleton<RecurringJobs>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RecurringJobs>());
        builder.Services.AddSingleton<PublicAddress>();
        ProxySetup.Add(builder.Services);
        builder.Services.AddSingleton<HealthEndpoints>();
        builder.Services.AddSingleton<QueueMetrics>();
        builder.Services.AddSingleton<MetricsText>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MetricsText>());
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(options => options.Describe());
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never;

            // A member that nobody reads is a mistyped one.
            options.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        });
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 32 * 1024 * 1024;
        });
        return builder;
    }

    /// <summary>Every error leaves as problem+json, without a stack trace.</summary>
    public static WebApplication UseHosting(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
            {
                BadHttpRequestException bad => BodyProblem.WriteAsync(context, bad),
                UpstreamException failed => Problem.Upstream(failed.Message, failed.Next).ExecuteAsync(context),
                var error when IsNul(error) => Problem.Write(context, StatusCodes.Status422UnprocessableEntity, "Invalid", "What was sent holds a NUL character, which no text here can have. Leave it out."),
                _ => Problem.Write(
                    context,
                    StatusCodes.Status500InternalServerError,
                    "Internal",
                    $"Switchyard failed to answer this. The log has the reason under trace {System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier}."),
            },

            // What a caller got wrong is told to the caller, and is no failure of ours to log.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException or UpstreamException || IsNul(failure.Exception),
        });
        app.UseStatusCodePages(async pages =>
        {
            var response = pages.HttpContext.Response;
            if (response.StatusCode == StatusCodes.Status415UnsupportedMediaType)
            {
                await BodyProblem.WriteTypeAsync(pages.HttpContext);
                return;
            }

            if (response.StatusCode == StatusCodes.Status404NotFound && UnknownId.Of(pages.HttpContext) is var (word, list))
            {
                await Problem.Write(pages.HttpContext, response.StatusCode, "NotFound", $"\"{word}\" is no id; {list} shows them.", new NextStep("List them", Href: list));
                return;
            }

            await Problem.Write(
                pages.HttpContext,
                response.StatusCode,
                "Http" + response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture),
                response.StatusCode switch
                {
                    StatusCodes.Status404NotFound => $"There is nothing at {pages.HttpContext.Request.Path}. The API is described at /openapi/v1.json.",
                    StatusCodes.Status405MethodNotAllowed =>
                        $"{pages.HttpContext.Request.Path} does not take {pages.HttpContext.Request.Method}; it takes {response.Headers.Allow}. The API is described at /openapi/v1.json.",
                    var status => $"The request to {pages.HttpContext.Request.Path} was refused with status {status}.",
                });
        });
        app.Use((context, next) =>
        {
            // What can be read can be asked for without its body; the server leaves that out by the method that came.
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting();
        return app;
    }

    /// <summary>PostgreSQL has no text with a NUL in it (22021, character_not_in_repertoire).</summary>
    private static bool IsNul(Exception? error) => error is Npgsql.PostgresException { SqlState: "22021" };

    public static IEndpointRouteBuilder MapHosting(this IEndpointRouteBuilder routes)
    {
        HealthEndpoints.Map(routes);
        MetricsText.Map(routes);
        routes.MapOpenApi().AllowAnonymous();
        return routes;
    }
}
