using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>Makes Signals of what was told: the facts that rules are held against, and which fact it is.</summary>
internal static class SignalFactory
{
    private const string Branches = "refs/heads/";
    private const string Tags = "refs/tags/";

    /// <summary>The branch or tag; null for any other ref.</summary>
    public static string? ShortName(string name) =>
        name.StartsWith(Branches, StringComparison.Ordinal) && name.Length > Branches.Length ? name[Branches.Length..]
        : name.StartsWith(Tags, StringComparison.Ordinal) && name.Length > Tags.Length ? name[Tags.Length..]
        : null;

    /// <summary>For people: <c>tag v1</c>.</summary>
    public static string Describe(string name) => $"{(IsTag(name) ? "tag" : "branch")} {ShortName(name)}";

    /// <summary>A move of a ref; <see cref="RefMoves"/> gives it its identity.</summary>
    public static NewSignal Push(ReceivedDelivery delivery, PushEvent push)
    {
        var (name, after) = (push.Ref!, push.After!);
        var facts = OfRef(name) with
        {
            Source = SourceOf(push),
            // An annotated tag is an object of its own; the commit is what it points to.
            Sha = IsTag(name) ? push.HeadCommit?.Id ?? after : after,
            Before = RefMove.IsNothing(push.Before!) ? null : push.Before,
            Actor = push.SenderLogin ?? push.PusherName,
            ActorType = push.SenderType,
            Url = push.CompareUrl,
            OccurredAt = push.PushedAt ?? push.HeadCommit?.Timestamp?.ToUniversalTime() ?? At(delivery.ReceivedAt),
            Paths = IsTag(name) ? null : PushedPaths.Of(push),
        };
        return new NewSignal(delivery.ProviderId, "", facts, SignalSource.Webhook) { DeliveryId = delivery.Id };
    }

    /// <summary>A move of a ref that no Delivery had told when a poll saw it; who pushed is not known.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="move">From where the ref was known to be to where it is.</param>
    /// <param name="commit">The commit it is at: what a tag points to.</param>
    /// <param name="seenAt">When the poll looked, by GitHub's clock.</param>
    public static NewSignal Polled(SourceFacts source, RefMove move, string commit, DateTimeOffset seenAt)
    {
        var before = RefMove.IsNothing(move.Before) ? null : move.Before;
        var facts = OfRef(move.Ref) with
        {
            Source = source,
            Sha = commit,
            Before = before,
            Url = source.HtmlUrl is not { } web ? null : before is null ? $"{web}/tree/{Escape(ShortName(move.Ref)!)}" : $"{web}/compare/{before}...{move.After}",
            OccurredAt = seenAt,
        };
        return new NewSignal(move.ProviderId, PushIdentity.OfPoll(move, seenAt.ToUnixTimeMilliseconds()), facts, SignalSource.Poll);
    }

    /// <summary>
    /// Several labels that are set at once are told one by one with the same time, so the label is part of which fact it is.
    /// </summary>
    public static NewSignal PullRequest(ReceivedDelivery delivery, PullRequestEvent told)
    {
        var number = told.Number!.Value;
        var updated = told.UpdatedAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "-";
        var facts = new SignalFacts
        {
            Kind = SignalKind.PullRequest,
            Source = SourceOf(told),
            Sha = told.Head.Sha,
            Before = told.Before,
            Ref = $"refs/pull/{number.ToString(CultureInfo.InvariantCulture)}/head",
            Branch = told.Base.Ref,
            Actor = told.SenderLogin,
            ActorType = told.SenderType,
            Action = told.Action,
            Url = told.HtmlUrl,
            OccurredAt = told.UpdatedAt ?? At(delivery.ReceivedAt),
            PullRequest = new PullRequestFacts
            {
                Number = (int)number,
                Title = told.Title,
                HeadRef = told.Head.Ref,
                HeadRepository = told.Head.RepositoryFullName,
                BaseRef = told.Base.Ref,
                Author = told.UserLogin,
                Draft = told.Draft,
                Labels = told.Labels,
                FromFork = told.IsFromFork,
            },
        };
        var label = told.Label is null ? "" : "/" + told.Label;
        return new NewSignal(delivery.ProviderId, $"pull_request/{told.RepositoryId}/{number}/{told.Action}/{told.Head.Sha}/{updated}{label}", facts, SignalSource.Webhook) { DeliveryId = delivery.Id };
    }

    /// <summary>What was edited where the host does not say when: the text itself tells one edit from the next.</summary>
    public static NewSignal Release(ReceivedDelivery delivery, ReleaseEvent told)
    {
        var at = told.UpdatedAt ?? told.PublishedAt ?? told.CreatedAt;
        var which = told.UpdatedAt is null && told.Action == "edited"
            ? Digest($"{told.TagName}\n{told.Name}\n{told.Draft}\n{told.Prerelease}\n{told.TargetCommitish}\n{told.Body}")
            : at?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "-";
        var facts = new SignalFacts
        {
            Kind = SignalKind.Release,
            Source = SourceOf(told),
            Ref = told.TagName is null ? null : Tags + told.TagName,
            Tag = told.TagName,
            Actor = told.SenderLogin,
            ActorType = told.SenderType,
            Action = told.Action,
            Url = told.HtmlUrl,
            OccurredAt = at ?? At(delivery.ReceivedAt),
            Release = new ReleaseFacts { Id = told.ReleaseId!.Value, Tag = told.TagName, Name = told.Name, Draft = told.Draft, Prerelease = told.Prerelease, Author = told.AuthorLogin },
        };
        return new NewSignal(delivery.ProviderId, $"release/{told.ReleaseId}/{told.Action}/{which}", facts, SignalSource.Webhook) { DeliveryId = delivery.Id };
    }

    /// <summary>The checks of a commit have settled.</summary>
    public static NewSignal Checks(CheckSubject subject, CheckStanding standing, SourceFacts source, DateTimeOffset now) => new(
        subject.ProviderId,
        $"checks/{subject.GithubRepositoryId.ToString(CultureInfo.InvariantCulture)}/{subject.Sha}/{standing.Digest}",
        new SignalFacts
        {
            Kind = SignalKind.Checks,
            Source = source,
            Sha = subject.Sha,
            Ref = subject.Branch is null ? null : Branches + subject.Branch,
            Branch = subject.Branch,
            Url = source.HtmlUrl is { } web ? $"{web}/commit/{subject.Sha}/checks" : null,
            OccurredAt = standing.LastAt ?? now,
            Checks = standing.Facts,
        },
        SignalSource.Webhook);

    /// <summary>A model has a new Version in a commit, or is gone with it.</summary>
    public static NewSignal Model(long providerId, long modelId, SourceFacts source, string commit, string? author, DateTimeOffset at, ModelFacts model) => new(
        providerId,
        $"model/{modelId.ToString(CultureInfo.InvariantCulture)}/{commit}",
        OfDefaultBranch(source) with
        {
            Kind = SignalKind.Model,
            Sha = commit,
            Actor = author,
            Action = model.Event,
            Url = source.HtmlUrl is not { } web ? null : model.Event == "removed" ? $"{web}/commit/{commit}" : $"{web}/blob/{commit}/{Escape(model.Path)}",
            OccurredAt = at,
            Model = model,
        },
        SignalSource.Sync);

    /// <summary>The time has come for a rule; one Signal for each repository that it names, or one without.</summary>
    /// <param name="providerId">The provider of the rule.</param>
    /// <param name="ruleKey">The rule, as <see cref="SignalFacts.RuleKey"/>.</param>
    /// <param name="cron">The five fields as the rule has them.</param>
    /// <param name="at">The minute for which it fires, which makes it one fact however late that is worked off.</param>
    /// <param name="source">The repository.</param>
    public static NewSignal Schedule(long providerId, string ruleKey, string cron, DateTimeOffset at, SourceFacts? source) => new(
        providerId,
        $"schedule/{ruleKey}/{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}/{source?.Id}",
        (source is null ? new SignalFacts() : OfDefaultBranch(source)) with
        {
            Kind = SignalKind.Schedule,
            RuleKey = ruleKey,
            OccurredAt = at,
            Schedule = new ScheduleFacts { Cron = cron, At = at },
        },
        SignalSource.Schedule);

    /// <summary>Somebody starts a rule by hand.</summary>
    /// <param name="providerId">The provider of the rule.</param>
    /// <param name="ruleKey">The rule, as <see cref="SignalFacts.RuleKey"/>.</param>
    /// <param name="request">What makes it this request and no other; the same again is no news.</param>
    /// <param name="actor">Who.</param>
    /// <param name="inputs">What was given along.</param>
    /// <param name="at">When.</param>
    /// <param name="source">The repository.</param>
    public static NewSignal Manual(
        long providerId, string ruleKey, string request, string? actor, IReadOnlyDictionary<string, string> inputs, DateTimeOffset at, SourceFacts? source) => new(
        providerId,
        $"manual/{ruleKey}/{request}",
        (source is null ? new SignalFacts() : OfDefaultBranch(source)) with { Kind = SignalKind.Manual, RuleKey = ruleKey, Actor = actor, OccurredAt = at, Inputs = inputs },
        SignalSource.User);

    public static SourceFacts SourceOf(RepositoryEvent told)
    {
        var (owner, name) = told.RepositoryFullName?.Split('/', 2) is [var first, var second] ? (first, second) : ("", "");
        return new SourceFacts
        {
            Id = told.RepositoryId ?? 0,
            Owner = owner,
            Name = name,
            DefaultBranch = told.DefaultBranch,
            HtmlUrl = told.RepositoryHtmlUrl,
            Private = told.RepositoryPrivate,
        };
    }

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static SignalFacts OfRef(string name) => IsTag(name)
        ? new SignalFacts { Kind = SignalKind.Tag, Ref = name, Tag = ShortName(name) }
        : new SignalFacts { Kind = SignalKind.Push, Ref = name, Branch = ShortName(name) };

    private static SignalFacts OfDefaultBranch(SourceFacts source) =>
        new() { Source = source, Branch = source.DefaultBranch, Ref = source.DefaultBranch is null ? null : Branches + source.DefaultBranch, Url = source.HtmlUrl };

    private static bool IsTag(string name) => name.StartsWith(Tags, StringComparison.Ordinal);

    private static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
