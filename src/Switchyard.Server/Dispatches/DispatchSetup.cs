using Switchyard.Server.Dispatches.Doctor;
using Switchyard.Server.Dispatches.Pages;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Dispatches;

public static class DispatchSetup
{
    public static IHostApplicationBuilder AddDispatches(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DispatchOptions>()
            .BindConfiguration(DispatchOptions.Section)
            .Validate(options => options.Lanes is >= 0 and <= 64, "Dispatches:Lanes must be from 0 to 64.")
            .Validate(options => options.MaxAttempts is >= 1 and <= 100, "Dispatches:MaxAttempts must be from 1 to 100.")
            .Validate(options => options.SendTimeout >= TimeSpan.FromSeconds(1), "Dispatches:SendTimeout must be at least 00:00:01.")
            .Validate(options => options.LookFor > options.SendTimeout, "Dispatches:LookFor must be longer than Dispatches:SendTimeout.")
            .Validate(options => options.NoRunAfter >= TimeSpan.FromSeconds(1), "Dispatches:NoRunAfter must be at least 00:00:01.")
            .Validate(options => options.MaxHops is >= 1 and <= 100, "Dispatches:MaxHops must be from 1 to 100.")
            .Validate(options => options.LoopBrake >= 1, "Dispatches:LoopBrake must be at least 1.")
            .Validate(options => options.Burst >= 1, "Dispatches:Burst must be at least 1.")
            .Validate(options => options.Retention >= TimeSpan.FromDays(1), "Dispatches:Retention must be at least 1.00:00:00.")
            .ValidateOnStart();
        builder.Services.AddSingleton<DispatchIntents>();
        builder.Services.AddSingleton<TargetAccess>();
        builder.Services.AddSingleton<IReportContent, RuleReport>();
        builder.Services.AddSingleton<DispatchReports>();
        builder.Services.AddSingleton<DispatchStore>();
        builder.Services.AddSingleton<RunStore>();
        builder.Services.AddSingleton<WorkflowFiles>();
        builder.Services.AddSingleton<DispatchSender>();
        builder.Services.AddSingleton<RunFinder>();
        builder.Services.AddSingleton<DispatchLookup>();
        builder.Services.AddSingleton<NoListenerDiagnosis>();
        builder.Services.AddSingleton<DispatchMetrics>();
        builder.Services.AddSingleton<SourceCommits>();
        builder.Services.AddSingleton<PendingGate>();
        builder.Services.AddSingleton<LaneWorker, PendingLane>();
        builder.Services.AddSingleton<LaneWorker, DispatchLane>();
        builder.Services.AddSingleton<LaneWorker, RunTracker>();
        builder.Services.AddSingleton<IDeliveryHandler, DispatchEchoHandler>();
        builder.Services.AddSingleton<IDeliveryHandler, RunHandler>();
        builder.Services.AddSingleton<DispatchActions>();
        builder.Services.AddSingleton<DispatchQueries>();
        builder.Services.AddSingleton<RuleDoctor>();
        builder.Services.AddSingleton<IRuleTargets, LoadedTargets>();
        builder.Services.AddSingleton<RecurringJob, ExpireDispatches>();
        builder.Services.AddSingleton(new LiveTopic(
            "dispatches",
            $"""
            select (select coalesce(max(id), 0) from dispatches) || '/' || (select count(*) || '/' || coalesce(sum(attempts + looks), 0) from dispatches where state in {DispatchState.Open})
              || '/' || (select count(*) || '/' || coalesce(sum(coalesce(updated_at, 0) + looks), 0) from runs where due_at is not null)
            """));
        return builder;
    }

    public static IEndpointRouteBuilder MapDispatches(this IEndpointRouteBuilder routes)
    {
        DispatchEndpoints.Map(routes);
        DoctorEndpoints.Map(routes);
        DispatchPages.Map(routes);
        return routes;
    }
}
