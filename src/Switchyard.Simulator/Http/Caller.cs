using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Http;

internal enum CallerKind
{
    Anonymous,
    App,
    Token,
    Developer,
}

/// <summary>Who is asking. <paramref name="Name"/> goes to the request log and names the rate bucket; it holds no secret.</summary>
internal sealed record Caller(CallerKind Kind, string Name, App? App = null, AccessToken? Token = null)
{
    public static readonly Caller Anonymous = new(CallerKind.Anonymous, "anonymous");
}
