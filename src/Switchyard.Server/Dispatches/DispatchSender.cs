using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;
using DispatchLimits = Switchyard.Rules.DispatchLimits;

namespace Switchyard.Server.Dispatches;

/// <summary>A Dispatch as it is to be sent, and where; or why it is not.</summary>
internal sealed record PreparedDispatch(Dispatch Dispatch, AccessibleRepository? Target, SendVerdict? Refused = null);

/// <summary>Speaks to GitHub: finds out how a Dispatch is sent, and sends it. Holds no transaction meanwhile.</summary>
internal sealed class DispatchSender(Database database, TargetAccess targets, WorkflowFiles files, IOptions<DispatchOptions> options, TimeProvider time)
{
    /// <summary>
    /// Reads what the call needs to know: where the target is now, its default branch, whether the workflow takes our id. What is
    /// sent is fixed here for all attempts.
    /// </summary>
    public async Task<PreparedDispatch> PrepareAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        try
        {
            var answer = await targets.FindAsync(dispatch, cancellation);
            if (answer.Found is not { } target)
            {
                return new PreparedDispatch(dispatch, null, SendVerdict.Failed(answer.Reason!, answer.NextStep));
            }

            if (target.InstallationState != InstallationState.Active)
            {
                return new PreparedDispatch(dispatch, target, SendVerdict.Suspended(target, time.GetUtcNow()));
            }

            if (await RefusalAsync(dispatch, target, cancellation) is { } refusal)
            {
                return new PreparedDispatch(dispatch, target, SendVerdict.Refused(refusal));
            }

            var prepared = dispatch with { TargetName = target.FullName, TargetGithubId = target.GithubId };
            return new PreparedDispatch(dispatch.Kind == DispatchKind.Workflow ? await WithIdAsync(prepared, target, cancellation) : prepared, target);
        }
        catch (GitHubException failure)
        {
            targets.Forget(dispatch);
            return new PreparedDispatch(dispatch, null, SendVerdict.Of(failure, writes: false, time.GetUtcNow()));
        }
        catch (VaultException failure)
        {
            return new PreparedDispatch(dispatch, null, SendVerdict.NoKey(failure, time.GetUtcNow()));
        }
    }

    /// <summary>The call. Whatever comes of it is a verdict: where it cannot be known, that one.</summary>
    public async Task<SendVerdict> SendAsync(Dispatch dispatch, AccessibleRepository target)
    {
        // Not ended when the process is asked to stop: a call that is cut off has to be looked for.
        using var limit = new CancellationTokenSource(options.Value.SendTimeout, time);
        try
        {
            if (dispatch.Kind == DispatchKind.Workflow)
            {
                var actions = (await targets.OpenAsync(target, limit.Token, ("actions", "write"))).Actions;
                var inputs = JsonSerializer.Deserialize<Dictionary<string, string>>(dispatch.Body) ?? [];
                return SendVerdict.Sent(await actions.DispatchWorkflowAsync(target.Owner, target.Name, dispatch.Workflow!, dispatch.Ref!, inputs, limit.Token));
            }

            var contents = (await targets.OpenAsync(target, limit.Token, ("contents", "write"))).Actions;
            await contents.DispatchRepositoryAsync(target.Owner, target.Name, dispatch.EventType!, Encoding.UTF8.GetBytes(dispatch.Body), limit.Token);
            return SendVerdict.Sent(StartedRun.Unknown);
        }
        catch (GitHubException failure)
        {
            targets.Forget(dispatch);
            var verdict = SendVerdict.Of(failure, writes: true, time.GetUtcNow());
            return failure.Kind == GitHubErrorKind.NotFound && dispatch.Kind == DispatchKind.Workflow && await MissingWorkflow.ExplainAsync(files, target, dispatch.Workflow!, dispatch.Ref!, limit.Token) is { } missing
                ? verdict with { Message = $"GitHub answered {failure.Status}: {missing}", NextStep = "Correct the rule's action, or add the workflow: switchyard workflow init writes one." }
                : verdict;
        }
        catch (VaultException failure)
        {
            return SendVerdict.NoKey(failure, time.GetUtcNow());
        }
        catch (ArgumentException failure)
        {
            return SendVerdict.Failed(failure.Message, "Correct the rule's action.");
        }
        catch (OperationCanceledException)
        {
            return SendVerdict.Unknown($"GitHub gave no answer within {options.Value.SendTimeout.TotalSeconds:0} s, and may have taken it.");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return SendVerdict.Unknown($"The call broke off: {failure.Message}");
        }
    }

    /// <summary>
    /// Asked again before each call: the target may have gone to another owner since, an administrator may have taken back what
    /// was allowed, and a person may send what was suppressed.
    /// </summary>
    private async Task<string?> RefusalAsync(Dispatch dispatch, AccessibleRepository target, CancellationToken cancellation)
    {
        var allowed = await database.ReadAsync(session => session.QueryAsync<string>("select pattern from targets where provider_id = @ProviderId", dispatch), cancellation);
        var refusal = DispatchScope.Read(dispatch.Scope, allowed) is { } scope && !DispatchScope.IsItself(scope, dispatch, target) ? TargetAccess.Refusal(scope, target.FullName) : null;
        return refusal is not null && target.FullName != dispatch.TargetName ? $"{dispatch.TargetName} is {target.FullName} now. {refusal}" : refusal;
    }

    private async Task<Dispatch> WithIdAsync(Dispatch dispatch, AccessibleRepository target, CancellationToken cancellation)
    {
        var reference = dispatch.Ref ?? target.DefaultBranch ?? "main";
        var inputs = JsonSerializer.Deserialize<Dictionary<string, string>>(dispatch.Body) ?? [];
        var file = FaultPoint.Protects("dispatch-id") ? await files.ReadAsync(target, dispatch.Workflow!, reference, cancellation) : null;
        if (file?.TakesId != true || inputs.ContainsKey(DispatchLimits.OwnInput) || inputs.Count >= DispatchLimits.Inputs)
        {
            return dispatch with { Ref = reference };
        }

        inputs[DispatchLimits.OwnInput] = dispatch.Token;
        return dispatch with { Ref = reference, Body = RenderedAction.BodyOf(inputs), ShowsId = file.ShowsIdOf(DispatchKind.Workflow) ? 1 : 0 };
    }
}
