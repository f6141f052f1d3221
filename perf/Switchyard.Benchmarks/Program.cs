using System.Globalization;
using Switchyard.Benchmarks.Harness;
using Switchyard.Benchmarks.Intake;
using Switchyard.Benchmarks.Panel;
using Switchyard.Benchmarks.Switching;
using Switchyard.Benchmarks.Sync;
using Switchyard.Benchmarks.Tokens;

var benchmarks = new Dictionary<string, Func<Report, Task>>(StringComparer.Ordinal)
{
    ["tokens"] = TokenBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
    ["intake"] = IntakeBenchmark.RunAsync,
    ["nodes"] = NodesBenchmark.RunAsync,
    ["sync"] = SyncBenchmark.RunAsync,
    ["pushes"] = PushLoadBenchmark.RunAsync,
    ["rules"] = RulesBenchmark.RunAsync,
    ["switch"] = SwitchBenchmark.RunAsync,
    ["pages"] = PagesBenchmark.RunAsync,
};

if (args is ["floor-server", var port])
{
    await FloorServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}

var names = args.Length == 0 ? [.. benchmarks.Keys] : args;
if (names.Except(benchmarks.Keys, StringComparer.Ordinal).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"There is no benchmark \"{unknown[0]}\". There are: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

foreach (var name in names)
{
    Console.Error.WriteLine(name);
    var report = new Report();
    await benchmarks[name](report);
    await Results.KeepAsync(name, report);
}

return 0;
