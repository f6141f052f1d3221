namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>git as a person has it, without that person's configuration.</summary>
internal static class Git
{
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
    };

    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (exit, output, errors) = await SwitchyardProcess.RunAsync(arguments, Environment, folder, "git");
        return exit == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors}");
    }

    /// <summary>The commits of the default branch of a bundle along the first parents, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> FirstParentsAsync(string folder, string reference) =>
        (await RunAsync(folder, "rev-list", "--first-parent", "--reverse", reference)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
