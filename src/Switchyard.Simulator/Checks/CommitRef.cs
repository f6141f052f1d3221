using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>The commit that the <c>ref</c> of a path means.</summary>
internal static class CommitRef
{
    public static async Task<string> RequireAsync(World world, Call call, string name = "ref") =>
        (await RepositoryRoutes.Reader(world, call).ResolveAsync(call[name], "^{commit}", call.Aborted))?.Sha
        ?? throw new RefusedException(Answer.Invalid($"No commit found for SHA: {call[name]}"));
}
