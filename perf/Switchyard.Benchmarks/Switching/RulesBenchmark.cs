using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Benchmarks.Harness;
using Switchyard.Benchmarks.Intake;
using Switchyard.Rules;
using Switchyard.Server.Access;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;
using Report = Switchyard.Benchmarks.Harness.Report;

namespace Switchyard.Benchmarks.Switching;

/// <summary>1,000 rules: held against one Signal, against 100,000 stored ones by a server, and against them again by a dry run.</summary>
internal static class RulesBenchmark
{
    private const int Signals = 100_000;
    private const int Page = 5_000;

    public static async Task RunAsync(Report report)
    {
        Alone("as an organisation has them", ManyRules.Text, report);
        Alone("each of which looks at every push", ManyRules.Greedy, report);
        await StoredAsync(DatabaseKind.Sqlite, report);
        if (DatabaseKind.FindPostgreSql() is { } postgres)
        {
            await StoredAsync(postgres, report);
        }
    }

    /// <summary>Without a database: what the language and its evaluation cost.</summary>
    private static void Alone(string kind, string text, Report report)
    {
        var file = RuleFile.Parse(text, RuleFileScope.Local(["acme/*"])).File!;
        var index = new RuleIndex<Rule>(file.Rules.Select(rule => KeyValuePair.Create(rule, rule)));
        const int Warmup = 3_000, Count = 2_000;
        var times = new double[Count];
        var evaluations = 0;
        for (var i = -Warmup; i < Count; i++)
        {
            var push = ManyRules.Push(i + Warmup);
            var started = TimeProvider.System.GetTimestamp();
            foreach (var (_, rule) in index.Candidates(push.Kind, push.Source!.FullName))
            {
                Evaluator.Evaluate(rule, push);
                evaluations += i >= 0 ? 1 : 0;
            }

            if (i >= 0)
            {
                times[i] = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        var latencies = new Latencies(times);
        report.Add($"one signal against 1,000 rules, {kind} ({(double)evaluations / Count:0.#} evaluations): p50", latencies.P50 * 1000, "us", "< 1,000 us");
        report.Add($"one signal against 1,000 rules, {kind}: p99", latencies.P99 * 1000, "us", "< 1,000 us");
    }

    private static async Task StoredAsync(DatabaseKind kind, Report report)
    {
        await using var stage = await IntakeStage.CreateAsync(kind.Administration);
        var token = "";
        await stage.SeedAsync(async services => token = await SeedAsync(services));
        await using var server = await stage.StartServerAsync();
        var started = TimeProvider.System.GetTimestamp();
        await Sync.Hub.UntilAsync(
            async () => (await stage.Tables.ReadAsync("select 1 from signals where evaluated_at is null limit 1")).Count == 0 ? "all" : null, TimeSpan.FromMilliseconds(50), "the evaluations");
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var evaluations = (await stage.Tables.ReadAsync("select count(*) from evaluations"))[0];
        var name = string.Create(CultureInfo.InvariantCulture, $"1,000 rules, {Signals:#,0} stored signals, {kind.Name}: ");
        report.Add(name + "signals evaluated and stored", Signals / seconds, "/s", "-");
        report.Add(name + "evaluations evaluated and stored", evaluations / seconds, "/s", "-");
        report.Add(name + "peak memory", server.PeakMemory, "MB", "< 300 MB");

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/"), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        started = TimeProvider.System.GetTimestamp();
        using var answer = await http.PostAsJsonAsync(
            "api/v1/rule-sources/test", new { text = ManyRules.Text.Replace("branches: [main]", "branches: [topic]", StringComparison.Ordinal), kind = "Local", source = "many", since = DateTimeOffset.UnixEpoch });
        var tested = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>();
        if (tested!["signals"]!.GetValue<int>() != Signals || tested["added"]!.AsArray().Count == 0)
        {
            throw new InvalidOperationException("The dry run did not go through all Signals.");
        }

        report.Add(name + "dry run of a changed file, signals", Signals / TimeProvider.System.GetElapsedTime(started).TotalSeconds, "/s", "-");
        report.Add(name + "peak memory after the dry run", server.PeakMemory, "MB", "< 300 MB");
    }

    private static async Task<string> SeedAsync(IServiceProvider services)
    {
        var database = services.GetRequiredService<Database>();
        var provider = await database.ReadAsync(session => session.ScalarAsync<long>("select id from providers"), CancellationToken.None);
        await database.WriteAsync(session => session.ExecuteAsync("insert into targets (provider_id, pattern, created_by, created_at) values (@provider, 'acme/*', 'benchmark', 0)", new { provider }), CancellationToken.None);
        var loaded = await services.GetRequiredService<LoadRules>().LoadAsync(new RuleSourceKey(provider, RuleFileKind.Local, "many", null, "rules.yml"), ManyRules.Text, null, "benchmark", CancellationToken.None);
        if (!loaded.Revision.IsGood)
        {
            throw new InvalidOperationException("The rules are refused: " + loaded.Revision.Problems);
        }

        var signals = services.GetRequiredService<SignalStore>();
        for (var first = 0; first < Signals; first += Page)
        {
            var page = Enumerable.Range(first, Page).Select(number => ManyRules.Signal(provider, number)).ToList();
            await database.WriteAsync(session => signals.RecordAllAsync(session, page), CancellationToken.None);
        }

        return (await services.GetRequiredService<TokenStore>().CreateAsync("benchmark", Role.Admin, TimeSpan.FromDays(1), CancellationToken.None)).Token;
    }
}
