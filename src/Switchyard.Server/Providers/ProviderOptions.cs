namespace Switchyard.Server.Providers;

/// <summary>Section <c>Providers</c>.</summary>
public sealed class ProviderOptions
{
    public const string Section = "Providers";

    /// <summary>How GitHub reaches this server, e.g. <c>https://switchyard.example.com</c>. Absent: polling only.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>How often the installations are listed, whatever Deliveries say; default 10 minutes.</summary>
    public TimeSpan ListInterval { get; set; } = TimeSpan.FromMinutes(10);
}
