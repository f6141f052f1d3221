using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.SignIn;

/// <summary>
/// Something was changed about who may read what. A Delivery may be old, or come again, so it gives nothing by itself: what it is
/// about is hidden at once, and shown again when GitHub was asked (<see cref="AskReadable"/>).
/// </summary>
internal sealed class ReadableHandler(ReadableStore readable, IOptions<AccessOptions> options) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["member", "membership", "organization", "repository", "team", "team_add"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        var said = delivery.Delivery;
        var isLeaving = said is { Event: "organization", Action: "member_removed" };
        var member = isLeaving || said is { Event: "member" } or { Event: "membership", Action: "removed" } ? MemberOf(delivery.Payload) : null;
        if (isLeaving && member is not null)
        {
            // Nobody has said yet that they still belong: the next look says so, or their next sign-in.
            await delivery.Session.ExecuteAsync("update users set verified_at = 0 where provider_id = @ProviderId and github_id = @member and removed_at is null", new { said.ProviderId, member });
        }

        var hidden = options.Value.MirrorsReading ? await HideAsync(delivery, member) : 0;
        return hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $"GitHub is asked again who may read what ({hidden})") : isLeaving ? "Their membership is read again" : null;
    }

    private async Task<int> HideAsync(DeliveryContext delivery, long? member)
    {
        var (session, provider, repository, owner) = (delivery.Session, delivery.Delivery.ProviderId, delivery.Envelope.RepositoryId, delivery.Envelope.OwnerLogin);
        switch (delivery.Delivery.Event, delivery.Delivery.Action)
        {
            case ("repository", "privatized") when repository is not null:
                // Everybody could read it; the Sync that says otherwise may come late.
                await session.ExecuteAsync("update repositories set private = 1 where provider_id = @provider and github_id = @repository", new { provider, repository });
                return await readable.DoubtAsync(session, provider, repository.Value, null);
            case ("repository", "transferred") or ("team", "added_to_repository" or "removed_from_repository" or "edited") or ("team_add", _) when repository is not null:
                return await readable.DoubtAsync(session, provider, repository.Value, null);
            case ("member", _) when member is not null && repository is not null:
                return await readable.DoubtAsync(session, provider, repository.Value, member);
            case ("membership", "removed") or ("organization", "member_removed") when member is not null:
                return await readable.DoubtOwnerAsync(session, provider, owner, member);
            case ("team", "deleted"):
                return await readable.DoubtOwnerAsync(session, provider, owner, null);
            default:
                return 0;
        }
    }

    /// <summary>The person that the event is about: <c>member</c>, or in an organization's <c>membership.user</c>.</summary>
    private static long? MemberOf(ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        var about = json.RootElement.TryGetProperty("membership", out var membership) && membership.ValueKind == JsonValueKind.Object && membership.TryGetProperty("user", out var user) ? user
            : json.RootElement.TryGetProperty("member", out var member) ? member : default;
        return about.ValueKind == JsonValueKind.Object && about.TryGetProperty("id", out var id) && id.TryGetInt64(out var value) ? value : null;
    }
}
