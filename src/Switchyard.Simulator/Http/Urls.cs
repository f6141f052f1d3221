namespace Switchyard.Simulator.Http;

/// <summary>The addresses GitHub writes into its objects.</summary>
internal sealed class Urls(Uri root)
{
    private readonly string web = root.GetLeftPart(UriPartial.Authority);

    public string Host => root.Authority;

    public string Web(string path) => web + path;

    public string Api(string path) => web + RawTarget.ApiPrefix + path;
}
