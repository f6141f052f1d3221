namespace Switchyard.Rules;

public enum RuleFileKind
{
    /// <summary><c>switchyard.yml</c> in the account's <c>.github</c> repository.</summary>
    Central,

    /// <summary><c>.github/switchyard.yml</c> in a repository: it may start things in that repository only.</summary>
    Repository,

    /// <summary>Rules that are kept in Switchyard itself.</summary>
    Local,
}

/// <summary>Where a rule file is, and so what it may start things in (design, section 13).</summary>
public sealed record RuleFileScope
{
    private RuleFileScope(RuleFileKind kind, string? owner, string? repository, IReadOnlyList<string> allowed) =>
        (Kind, Owner, Repository, AllowedTargets) = (kind, owner, repository, allowed);

    public RuleFileKind Kind { get; }

    /// <summary>The account whose file it is; null for local rules.</summary>
    public string? Owner { get; }

    /// <summary>The name of the repository the file is in, without the owner; null for local rules.</summary>
    public string? Repository { get; }

    /// <summary>What an administrator has allowed besides: patterns like <c>acme/*</c>, in any letter case.</summary>
    public IReadOnlyList<string> AllowedTargets { get; }

    public static RuleFileScope Central(string owner, IReadOnlyList<string>? allowedTargets = null) =>
        new(RuleFileKind.Central, owner, ".github", allowedTargets ?? []);

    public static RuleFileScope ForRepository(string owner, string repository) => new(RuleFileKind.Repository, owner, repository, []);

    public static RuleFileScope Local(IReadOnlyList<string>? allowedTargets = null) => new(RuleFileKind.Local, null, null, allowedTargets ?? []);
}
