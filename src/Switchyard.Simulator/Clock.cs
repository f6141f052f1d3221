using Switchyard.Simulator.Faults;

namespace Switchyard.Simulator;

/// <summary>The time by GitHub's own clock, which the switch <c>jwt.clockSkew</c> sets wrong.</summary>
internal sealed class Clock(TimeProvider time, FaultBoard faults)
{
    public DateTimeOffset Now => time.GetUtcNow().AddSeconds(faults.Find("jwt.clockSkew")?.Number("seconds", 0) ?? 0);
}
