namespace Switchyard.Server.Hosting.OpenApi;

/// <summary>A refusal that an endpoint has besides those that all of its kind have; the OpenAPI document shows it with this example.</summary>
internal sealed record Refusal(int Status, string Code, string Detail);

internal static class Refusals
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, int status, string code, string detail) => endpoint.WithMetadata(new Refusal(status, code, detail));
}
