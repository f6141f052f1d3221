using System.Text.RegularExpressions;
using Switchyard.Rules;

namespace Switchyard.Cli.Workflow;

/// <summary>What a starter file says of itself.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="EventType">The type of repository_dispatch it listens to, or sends.</param>
/// <param name="Target">With a source: the repository it tells; a placeholder where none was named.</param>
internal sealed record StarterWorkflow(string Name, string EventType, string Target)
{
    public const string AnyTarget = "OWNER/REPOSITORY";

    /// <summary>A workflow that is started from elsewhere, and shows who started it.</summary>
    public string TargetFile() => Fill("""
        # Started from other repositories: by a rule of Switchyard, by `switchyard workflow run` and
        # `switchyard dispatch send`, or by hand on the Actions page.
        name: $(name)

        # The id that Switchyard sends stands in the title, so that the run is found again for certain.
        run-name: $(title) ${{ inputs.$(id) || github.event.client_payload.$(key).dispatch }}

        on:
          # Started by name, on any branch or tag that has this file. GitHub takes at most 25 inputs.
          workflow_dispatch:
            inputs:
              $(source):
                description: The repository that changed, owner/name
                type: string
              $(sha):
                description: The commit in it
                type: string
              $(id):
                description: Filled in by Switchyard; leave it empty
                type: string
          # Started by an event, on the default branch only. Every workflow that lists the type is started.
          repository_dispatch:
            types: [$(type)]

        # The least that checkout needs; add what your steps need.
        permissions:
          contents: read

        jobs:
          run:
            runs-on: ubuntu-latest
            env:
              # Either trigger fills these. Use them as "$SOURCE" in scripts: an expression inside of `run` would
              # execute text that comes from another repository.
              SOURCE: ${{ inputs.$(source) || github.event.client_payload.$(source) }}
              SOURCE_SHA: ${{ inputs.$(sha) || github.event.client_payload.$(sha) }}
            steps:
              - uses: actions/checkout@v5
              - name: What started this
                run: echo "Started for ${SOURCE:-nothing named} at ${SOURCE_SHA:-no commit}"
              # Your steps stand here.

        """);

    /// <summary>A workflow that tells another repository of each push, for teams without a server.</summary>
    public string SourceFile() => Fill("""
        # Tells $(target) of each push to the default branch, without a Switchyard server. With a server a rule does
        # this, waits until the checks are green and things are quiet, and no file is needed here.
        name: $(name)

        on:
          push:
            # Your default branch.
            branches: [main]

        # The automatic token is not used: it cannot start workflows in other repositories.
        permissions: {}

        jobs:
          tell:
            runs-on: ubuntu-latest
            steps:
              # Switchyard itself. Name the repository in which you keep it, and a commit of it that you trust. On
              # runners that have `switchyard` on their path, leave these two steps out, and write `switchyard` in
              # place of `./switchyard/switchyard` below.
              - uses: actions/checkout@v5
                with:
                  repository: OWNER/switchyard
                  ref: main
                  path: switchyard
              - uses: actions/setup-dotnet@v5
                with:
                  dotnet-version: 10.0.x
              - name: Tell $(target)
                env:
                  # An App that is installed on $(target) with "Contents: write".
                  SWITCHYARD_APP_ID: ${{ vars.SWITCHYARD_APP_ID }}
                  SWITCHYARD_PRIVATE_KEY: ${{ secrets.SWITCHYARD_PRIVATE_KEY }}
                  TARGET: $(target)
                  EVENT_TYPE: $(type)
                # GITHUB_REPOSITORY, GITHUB_SHA and GITHUB_REF are set by the runner.
                run: |
                  payload=$(jq --null-input '{$(source): env.GITHUB_REPOSITORY, $(sha): env.GITHUB_SHA, ref: env.GITHUB_REF}')
                  ./switchyard/switchyard dispatch send "$TARGET" --event-type "$EVENT_TYPE" --payload "$payload"

        """);

    private string Fill(string template) => Placeholder.Replace(template.ReplaceLineEndings("\n"), match => match.Groups["name"].Value switch
    {
        "name" => Scalar(Name),
        "title" => Title(Name),
        "type" => Scalar(EventType),
        "source" => StarterNames.Source,
        "sha" => StarterNames.Sha,
        "id" => DispatchLimits.OwnInput,
        "key" => DispatchLimits.OwnKey,
        _ => Target,
    });

    /// <summary>Plain where YAML reads it as the same text, else quoted.</summary>
    private static string Scalar(string text) => Plain.IsMatch(text) && !Special.IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // In the middle of a plain scalar, where a quote cannot stand.
    private static string Title(string text) => string.Concat(text.Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' or '/' or '(' or ')')).Trim(' ', '-') is { Length: > 0 } title ? title : "Run";

    private static readonly Regex Placeholder = new(@"\$\((?<name>\w+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Plain = new(@"^[A-Za-z][\w ./-]*(?<! )$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Special = new("^(true|false|null|yes|no|on|off|y|n)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
