using Switchyard.Simulator.Faults;

namespace Switchyard.Simulator;

/// <summary>The time by GitHub's own clock, which the switch <c>jwt.clockSkew</c> sets wrong.</summary>
internal sealed class Clock(Agenda agenda, FaultBoard faults)
{
    public DateTimeOffset Now => agenda.Now.AddSeconds(faults.Find("jwt.clockSkew")?.Number("seconds", 0) ?? 0);
}
