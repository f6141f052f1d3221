namespace Switchyard.Server.Reports;

/// <summary>What a check run of ours is about: one of these is one check run on one commit.</summary>
internal sealed record ReportSubject
{
    public required long ProviderId { get; init; }

    /// <summary>Which <see cref="IReportContent"/> says what is in it.</summary>
    public required string Kind { get; init; }

    /// <summary>The number of the thing it is about, of that kind.</summary>
    public required long Subject { get; init; }

    public required long GithubRepositoryId { get; init; }

    /// <summary>The name of the repository when it was asked for, for one that is not mirrored.</summary>
    public required string RepositoryName { get; init; }

    public required string Sha { get; init; }

    /// <summary>The name of the check run.</summary>
    public required string Name { get; init; }
}
