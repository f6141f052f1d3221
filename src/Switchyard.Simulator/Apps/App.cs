using System.Collections.Immutable;
using System.Security.Cryptography;
using Switchyard.Simulator.Deliveries;

namespace Switchyard.Simulator.Apps;

/// <summary>A registered GitHub App.</summary>
internal sealed class App
{
    public required long Id { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public required string Slug { get; init; }

    public required string Name { get; init; }

    public required Account Owner { get; init; }

    public required Hook Hook { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Description { get; init; }

    public required string ExternalUrl { get; init; }

    public string? SetupUrl { get; init; }

    /// <summary>Where people who sign in with the App may be sent back to.</summary>
    public ImmutableArray<string> CallbackUrls { get; init; } = [];

    public bool Public { get; init; }

    public ImmutableSortedDictionary<string, string> Permissions { get; set; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Events { get; set; } = [];

    /// <summary>At most 25 keys are valid at a time, the oldest first.</summary>
    public ImmutableArray<RSA> Keys { get; set; } = [];

    public string AddKey()
    {
        var key = RSA.Create(2048);
        Keys = Keys.Add(key);
        return key.ExportRSAPrivateKeyPem() + "\n";
    }
}
