namespace Switchyard.Cli.Demo.Samples;

/// <summary>What the demo switches: a change of the event schemas runs the tests of another repository, by one central rule.</summary>
internal static class SwitchSamples
{
    public const string Source = "acme/event-schemas";

    public const string Target = "acme/shop-tests";

    public const string Rules =
        """
        # One file for the whole account, in its repository .github. No file is added to the sources.
        version: 1
        rules:
          - name: contract-tests
            on:
              push: { repositories: [acme/event-schemas, acme/shop-models], branches: [main] }
            checks: { names: [lint], settle: 0s }
            quiet: { for: 1s, max: 30s }
            do:
              - workflow:
                  repository: acme/shop-tests
                  file: contract.yml
                  inputs: { source: "${{ source.full_name }}", sha: "${{ signal.sha }}" }

        """;

    public const string Workflow =
        """
        name: Contract tests
        run-name: Contract tests of ${{ inputs.source }} (${{ inputs.switchyard_id }})
        on:
          workflow_dispatch:
            inputs:
              source: { description: "The repository that changed", required: true }
              sha: { description: "Its commit", required: true }
              switchyard_id: { description: "Filled by Switchyard, so that the run is found", required: false }
        jobs:
          contract:
            runs-on: ubuntu-latest
            steps:
              - run: echo "testing"

        """;

    /// <summary>What is pushed to show it: one more field in an order.</summary>
    public static (string Path, string Text) Change => ("schemas/order.avsc", EventSchemas.Order(scoreType: "double", withLegacyId: false));
}
