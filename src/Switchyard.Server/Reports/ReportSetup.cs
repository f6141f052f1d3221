using Switchyard.Server.Hosting.Jobs;

namespace Switchyard.Server.Reports;

public static class ReportSetup
{
    public static IHostApplicationBuilder AddReports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReportOptions>()
            .BindConfiguration(ReportOptions.Section)
            .Validate(options => options.Lanes is >= 0 and <= 64, "Reports:Lanes must be from 0 to 64.")
            .Validate(options => options.Interval >= TimeSpan.Zero, "Reports:Interval must not be negative.")
            .Validate(options => options.Retention >= TimeSpan.FromDays(1), "Reports:Retention must be at least 1.00:00:00.")
            .ValidateOnStart();
        builder.Services.AddSingleton<ReportStore>();
        builder.Services.AddSingleton<LaneWorker, ReportLane>();
        return builder;
    }
}
