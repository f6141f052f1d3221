using Switchyard.GitHub.Rest;

namespace Switchyard.Server.Reports;

/// <summary>
/// Says what a check run of one kind holds now. It is asked each time one is written, so what it says is always of the moment,
/// whatever number of reasons there were to write it.
/// </summary>
internal interface IReportContent
{
    /// <summary>The word of the kind, as in <see cref="ReportSubject.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// The check run as it should be; null where there is nothing to say. Name, commit and id are filled in by the caller. Calls
    /// nothing but the database. Annotations are sent when the check run is made and not again: GitHub adds them each time.
    /// </summary>
    Task<CheckRunDraft?> ComposeAsync(ReportSubject subject, CancellationToken cancellation);
}
