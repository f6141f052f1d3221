using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;

namespace Switchyard.Server.Rules.Evaluations;

/// <summary>Removes evaluations that are older than they are kept.</summary>
internal sealed class ExpireEvaluations(EvaluationStore evaluations, IOptions<RuleOptions> options) : RecurringJob
{
    public override string Name => "expire-evaluations";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    public override Task RunAsync(CancellationToken cancellation) => evaluations.ExpireAsync(options.Value.EvaluationRetention, cancellation);
}
