using Switchyard.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>How a fact first came to us.</summary>
internal static class SignalSource
{
    public const string Webhook = "Webhook";
    public const string Poll = "Poll";
    public const string Sync = "Sync";
    public const string Schedule = "Schedule";
    public const string User = "User";

    public static readonly string[] All = [Webhook, Poll, Sync, Schedule, User];
}

/// <summary>A fact about to be recorded. Its identity says which one it is: the same again is no news.</summary>
internal sealed record NewSignal(long ProviderId, string Identity, SignalFacts Facts, string Source)
{
    /// <summary>The Delivery that told it.</summary>
    public long? DeliveryId { get; init; }

    /// <summary>What concerns one repository is evaluated in order.</summary>
    public string Lane => SignalStore.LaneOf(ProviderId, Facts.Source?.Id);

    public long OccurredAt => Facts.OccurredAt.ToUnixTimeMilliseconds();

    public string? RepositoryName => Text(Facts.Source?.FullName);

    public string? Ref => Text(Facts.Ref);

    public string? Sha => Text(Facts.Sha);

    public string? Actor => Text(Facts.Actor);

    private static string? Text(string? text) => BulkInsert<NewSignal>.Clean(text);
}
