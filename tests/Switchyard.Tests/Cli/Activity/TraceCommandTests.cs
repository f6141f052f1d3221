using System.Text.Json.Nodes;
using Switchyard.Cli.Activity;
using Xunit;

namespace Switchyard.Tests.Cli.Activity;

public sealed class TraceCommandTests
{
    [Fact]
    public void Ways_that_meet_are_a_line_each_and_what_follows_is_indented_below_what_led_to_it()
    {
        var trace = JsonNode.Parse(
            """
            {
              "into": [[{ "kind": "Delivery", "id": "9", "name": "push", "state": "Handled" }, { "kind": "Signal", "id": "3", "name": "push" }], [{ "kind": "Poll", "name": "no delivery" }, { "kind": "Signal", "id": "2", "name": "push" }]],
              "moreInto": 4,
              "steps": [{ "kind": "Waiting", "id": "1", "name": "quiet 2m 0s", "state": "Released", "next": [
                { "kind": "Dispatch", "id": "5", "name": "acme/the-tests integration.yml", "state": "Failed", "detail": "No such\nworkflow", "next": [] },
                { "kind": "Dispatch", "id": "6", "name": "acme/the-tests upstream-changed", "state": "Sent", "next": [{ "kind": "Run", "id": "7", "name": "#1", "state": "completed", "outcome": "success", "next": [] }] }] }]
            }
            """)!;

        Assert.Equal(
            """
            Delivery 9 push Handled -> Signal 3 push ->
            Poll no delivery -> Signal 2 push ->
            and 4 earlier
            Waiting 1 quiet 2m 0s Released
              Dispatch 5 acme/the-tests integration.yml Failed  (No such workflow)
              Dispatch 6 acme/the-tests upstream-changed Sent
                Run 7 #1 completed success
            """,
            TraceCommand.Describe(trace));
    }
}
