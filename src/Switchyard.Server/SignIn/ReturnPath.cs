namespace Switchyard.Server.SignIn;

/// <summary>Where a person wanted to go before signing in: a path of ours, and nothing that a browser could take for another host.</summary>
internal static class ReturnPath
{
    public static string Of(string? wanted) =>
        wanted is ['/', ..] && wanted is not ['/', '/' or '\\', ..] && !wanted.Any(char.IsControl) && Uri.TryCreate(wanted, UriKind.Relative, out _)
            && !wanted.StartsWith("/login", StringComparison.Ordinal) && !wanted.StartsWith("/setup", StringComparison.Ordinal)
            ? wanted
            : "/";
}
