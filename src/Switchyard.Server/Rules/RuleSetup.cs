using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Panel.Live;
using Switchyard.Server.Reports;
using Switchyard.Server.Repositories;
using Switchyard.Server.Rules.Evaluations;
using Switchyard.Server.Rules.Pages;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Rules.Trials;
using Switchyard.Server.Signals;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Rules;

public static class RuleSetup
{
    public static IHostApplicationBuilder AddRules(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RuleOptions>()
            .BindConfiguration(RuleOptions.Section)
            .Validate(options => options.Lanes is >= 1 and <= 64, "Rules:Lanes must be from 1 to 64.")
            .Validate(options => options.EvaluationRetention >= TimeSpan.FromDays(1), "Rules:EvaluationRetention must be at least 1.00:00:00.")
            .ValidateOnStart();
        builder.Services.AddSingleton<RuleBook>();
        builder.Services.AddHostedService<OpenRules>();
        builder.Services.AddSingleton<RuleCatalogue>();
        builder.Services.AddSingleton<RuleMetrics>();
        builder.Services.AddSingleton<RuleReports>();
        builder.Services.AddSingleton<IRuleNames, RuleNames>();
        builder.Services.AddSingleton<ISignalInterest, RuleInterest>();
        builder.Services.AddSingleton<RuleSourceStore>();
        builder.Services.AddSingleton<LoadRules>();
        builder.Services.AddSingleton<RuleFileReports>();
        builder.Services.AddSingleton<IReportContent>(services => services.GetRequiredService<RuleFileReports>());
        builder.Services.AddSingleton<IHeadObserver, ReadRuleFiles>();
        builder.Services.AddSingleton<JudgeRulesAgain>();
        builder.Services.AddSingleton<RecurringJob>(services => services.GetRequiredService<JudgeRulesAgain>());
        builder.Services.AddSingleton<RecurringJob, FireSchedules>();
        builder.Services.AddSingleton<LaneWorker, EvaluateSignals>();
        builder.Services.AddSingleton<EvaluationStore>();
        builder.Services.AddSingleton<RecurringJob, ExpireEvaluations>();
        builder.Services.AddSingleton<PendingStore>();
        builder.Services.AddSingleton(new LiveTopic("evaluations", "select coalesce(max(id), 0) from evaluations"));
        builder.Services.AddSingleton(new LiveTopic(
            "pendings",
            "select (select coalesce(max(id), 0) from pendings) || '/' || (select count(*) || '/' || coalesce(sum(last_at + due_at + looks), 0) from pendings where state in ('Quiet', 'Checks'))"));
        builder.Services.AddSingleton(new LiveTopic(
            "rules",
            "select (select coalesce(max(generation), 0) from rule_generation) || '/' || (select count(*) || '/' || coalesce(max(updated_at), 0) from rule_sources) || '/' || (select coalesce(max(id), 0) from rule_revisions)"));
        builder.Services.AddSingleton<CancelPending>();
        builder.Services.AddSingleton<Explain>();
        builder.Services.AddSingleton<UnknownSubject>();
        builder.Services.AddSingleton<RuleTrial>();
        builder.Services.AddSingleton<LaneWorker, PreviewLane>();
        builder.Services.AddSingleton<IDeliveryHandler, PreviewHandler>();
        builder.Services.AddSingleton<IReportContent, PreviewReport>();
        builder.Services.AddSingleton<IDeliveryHandler, ChecksHandler>();
        return builder;
    }

    public static IEndpointRouteBuilder MapRules(this IEndpointRouteBuilder routes)
    {
        RuleEndpoints.Map(routes);
        RuleSourceEndpoints.Map(routes);
        TrialEndpoints.Map(routes);
        EvaluationEndpoints.Map(routes);
        ExplainEndpoints.Map(routes);
        PendingEndpoints.Map(routes);
        TargetEndpoints.Map(routes);
        EvaluationPages.Map(routes);
        PendingPages.Map(routes);
        RulePanel.Map(routes);
        return routes;
    }
}
