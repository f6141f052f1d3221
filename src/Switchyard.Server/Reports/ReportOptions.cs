namespace Switchyard.Server.Reports;

/// <summary>Section <c>Reports</c>.</summary>
public sealed class ReportOptions
{
    public const string Section = "Reports";

    /// <summary>Repositories whose check runs are written at once; 0 to 64, default 4. 0: other nodes write them.</summary>
    public int Lanes { get; set; } = 4;

    /// <summary>The least time between two writes of one check run, unless the second one ends it; default 3 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it is known what was written; default 90 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
