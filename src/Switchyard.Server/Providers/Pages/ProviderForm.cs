namespace Switchyard.Server.Providers.Pages;

/// <summary>What a person filled in to set up a provider; secrets are never given back to the page.</summary>
public sealed record ProviderForm
{
    public bool ByHand { get; init; }

    public string? Name { get; init; }

    public string? Owner { get; init; }

    public string? Organization { get; init; }

    public string? WebUrl { get; init; }

    public string? Notice { get; init; }

    public string? PublicUrl { get; init; }

    public bool Switch { get; init; } = true;

    public bool SignIn { get; init; } = true;

    public string? AppId { get; init; }

    internal static async Task<ProviderForm> ReadAsync(HttpContext context, bool byHand)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        return new ProviderForm
        {
            ByHand = byHand,
            Name = Text("name"),
            Owner = Text("owner"),
            Organization = Text("organization"),
            WebUrl = Text("webUrl"),
            Notice = Text("notice"),
            PublicUrl = Text("publicUrl"),
            Switch = Text("switch") is not null,
            SignIn = Text("signIn") is not null,
            AppId = Text("appId"),
        };
    }
}
