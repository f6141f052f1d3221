using System.Globalization;
using System.Text;
using Switchyard.Rules;
using Switchyard.Server.Signals;

namespace Switchyard.Benchmarks.Switching;

/// <summary>
/// 1,000 rules as a large organisation has them: 900 that name one repository, 100 that name those of a team by a pattern and ask
/// for paths; and pushes of 1,000 repositories, one in ten of which is to be acted upon.
/// </summary>
internal static class ManyRules
{
    public const int Count = 1_000;
    private const int Teams = 100;
    private const int Repositories = 1_000;

    public static string Text { get; } = Write(number => number < Count - Teams
        ? $"[{NameOf(number)}], branches: [main]"
        : $"[acme/team-{number - (Count - Teams)}-*], branches: [main, 'release/*'], paths: ['src/**', '!**/*.md']");

    /// <summary>The same rules, each of which looks at every push.</summary>
    public static string Greedy { get; } = Write(number => $"['acme/*'], branches: [main, 'release/*'], paths: ['src/part-{number}/**', '!**/*.md']");

    public static SignalFacts Push(int number) => new()
    {
        Kind = SignalKind.Push,
        Source = new SourceFacts { Id = 1_000 + (number % Repositories), Owner = "acme", Name = NameOf(number % Repositories)["acme/".Length..], DefaultBranch = "main", HtmlUrl = "https://github.com/acme/service" },
        Sha = number.ToString("x40", CultureInfo.InvariantCulture),
        Before = (number + 1_000_000).ToString("x40", CultureInfo.InvariantCulture),
        Ref = number % 10 == 0 ? "refs/heads/main" : "refs/heads/topic",
        Branch = number % 10 == 0 ? "main" : "topic",
        Actor = "modeller",
        ActorType = "User",
        Url = "https://github.com/acme/service/compare/a...b",
        OccurredAt = DateTimeOffset.UnixEpoch.AddSeconds(1_790_000_000 + number),
        Paths = ["src/service.cs", $"src/part-{number % Count}/area.cs", "docs/service.md"],
    };

    public static NewSignal Signal(long providerId, int number) => new(providerId, $"push/{number}", Push(number), SignalSource.Webhook);

    private static string NameOf(int number) => $"acme/team-{number % Teams}-service-{number}";

    private static string Write(Func<int, string> repositories)
    {
        var text = new StringBuilder("version: 1\nrules:\n");
        for (var i = 0; i < Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - name: rule-{i}\n    on: {{ push: {{ repositories: {repositories(i)} }} }}\n    quiet: 1h\n");
            text.Append("    do: [{ workflow: { repository: 'acme/tests-of-${{ source.name }}', file: test.yml, inputs: { sha: '${{ signal.sha }}' } } }]\n");
        }

        return text.ToString();
    }
}
