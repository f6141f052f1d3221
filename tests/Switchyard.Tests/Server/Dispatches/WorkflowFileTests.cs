using System.Text;
using Switchyard.Server.Dispatches;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

public sealed class WorkflowFileTests
{
    [Theory]
    [InlineData("on: repository_dispatch", true)]
    [InlineData("on: [push, repository_dispatch]", true)]
    [InlineData("on: { repository_dispatch: }", true)]
    [InlineData("on: { repository_dispatch: { types: [model-changed] } }", true)]
    [InlineData("on: { repository_dispatch: { types: model-changed } }", true)]
    [InlineData("on: { repository_dispatch: { types: [other] } }", false)]
    [InlineData("on: push", false)]
    [InlineData("'on': { repository_dispatch: { types: [model-changed] } }", true)]
    public void The_types_that_a_workflow_listens_to_are_read(string text, bool listens) => Assert.Equal(listens, Parse(text)!.ListensTo("model-changed"));

    [Theory]
    [InlineData("on: { workflow_dispatch: { inputs: { switchyard_id: { required: false } } } }", true, false)]
    [InlineData("run-name: Tests (${{ inputs.switchyard_id }})\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, true)]
    [InlineData("run-name: Tests (${{ github.event.inputs.switchyard_id }})\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, true)]
    [InlineData("run-name: Tests ${{ inputs.switchyard_id || github.event.client_payload.switchyard.dispatch }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, true)]
    [InlineData("run-name: Tests ${{ github.event.client_payload.switchyard.dispatch || inputs.switchyard_id }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, true)]
    [InlineData("run-name: Tests ${{ inputs.switchyard_id || 'by hand' }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, true)]
    [InlineData("run-name: Tests ${{ inputs.switchyard_id && 'told' }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, false)]
    [InlineData("run-name: ${{ github.actor || inputs.switchyard_id }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, false)]
    [InlineData("run-name: ${{ inputs.title || inputs.switchyard_id }}\non: { workflow_dispatch: { inputs: { switchyard_id: } } }", true, false)]
    [InlineData("run-name: ${{ inputs.switchyard_id }}\non: workflow_dispatch", false, false)]
    [InlineData("on: push", false, false)]
    public void An_id_counts_as_shown_only_where_it_always_is(string text, bool takes, bool shows)
    {
        var file = Parse(text)!;
        Assert.Equal((takes, shows), (file.TakesId, file.ShowsIdOf(DispatchKind.Workflow)));
    }

    [Theory]
    [InlineData("github.event.client_payload.switchyard.dispatch", true)]
    [InlineData("inputs.switchyard_id || github.event.client_payload.switchyard.dispatch", true)]
    [InlineData("github.event.client_payload.switchyard.dispatch || github.sha", true)]
    [InlineData("github.event.client_payload.title || github.event.client_payload.switchyard.dispatch", false)]
    [InlineData("github.event.client_payload.switchyard", false)]
    public void A_payload_can_show_it_too(string shown, bool shows) =>
        Assert.Equal(shows, Parse($"run-name: a ${{{{ {shown} }}}}\non: repository_dispatch")!.ShowsIdOf(DispatchKind.Dispatch));

    [Theory]
    [InlineData("")]
    [InlineData("- a")]
    [InlineData("on: [")]
    [InlineData("\t: {")]
    public void What_is_no_workflow_is_none(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Hostile_files_end_soon()
    {
        Assert.Null(Parse(new string('[', 100_000)));
        Assert.Null(Parse(string.Concat(Enumerable.Repeat("{a: ", 50_000))));
        Assert.Null(Parse("on: push\n" + new string('#', 2_000_000)));
        Assert.NotNull(Parse("x: &x [a, a, a]\ny: &y [*x, *x, *x]\nz: [*y, *y, *y]\non: push"));
    }

    private static WorkflowFile? Parse(string text) => WorkflowFile.Parse(Encoding.UTF8.GetBytes(text));
}
