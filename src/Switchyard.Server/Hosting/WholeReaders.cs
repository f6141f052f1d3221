namespace Switchyard.Server.Hosting;

/// <summary>Endpoints that tell of every repository, or ask GitHub with the App's eyes: who may not read every repository may not use them.</summary>
internal static class WholeReaders
{
    public sealed record Marker;

    public static RouteHandlerBuilder ForWholeReaders(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Marker());
}
