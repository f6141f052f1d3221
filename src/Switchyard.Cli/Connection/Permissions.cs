namespace Switchyard.Cli.Connection;

/// <summary>What direct commands ask of an App; a token is made with no more than these.</summary>
internal static class Permissions
{
    public static IReadOnlyDictionary<string, string> Of(params (string Name, string Level)[] permissions) =>
        permissions.ToDictionary(permission => permission.Name, permission => permission.Level, StringComparer.Ordinal);
}
