using Switchyard.GitHub.Rest;

namespace Switchyard.Server.Webhooks;

/// <summary>Who may send Deliveries, and where their logs are: known to Providers, which stands above this folder.</summary>
public interface IWebhookProviders
{
    /// <summary>The provider of <c>/webhooks/{provider}</c>, or null where there is none of that name.</summary>
    ValueTask<WebhookSender?> FindAsync(string slug, CancellationToken cancellation);

    /// <summary>The hooks that were set up by hand per repository; all of them where no id is given or known.</summary>
    ValueTask<IReadOnlyList<WebhookSender>> FindHooksAsync(long? hookId, CancellationToken cancellation);

    /// <summary>Remembers GitHub's id of a hook set up by hand, and when it was last heard.</summary>
    Task HeardAsync(WebhookSender hook, long hookId, CancellationToken cancellation);

    /// <summary>The Apps whose delivery logs can be walked.</summary>
    Task<IReadOnlyList<DeliveryLog>> ListLogsAsync(CancellationToken cancellation);
}

/// <summary>A sender of Deliveries and the secrets its signature may be made with: the current one first, then the previous.</summary>
public sealed record WebhookSender(long ProviderId, long? HookRow, IReadOnlyList<byte[]> Secrets);

/// <summary>The delivery log of one App.</summary>
public sealed record DeliveryLog(long ProviderId, string ProviderName, AppApi App);
