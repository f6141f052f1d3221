namespace Switchyard.Server.Storage;

/// <summary>
/// Whose eyes the rows are read with. What runs for a person who may not read every repository reads through views that leave out
/// the others (<see cref="ReadViews"/>), whatever it asks: a list that is new tomorrow cannot forget it. Nobody: all rows there are.
/// </summary>
internal static class ReadLimit
{
    /// <summary>The id of a user who reads public repositories only, because there is no such user.</summary>
    public const long Nobody = 0;

    private static readonly AsyncLocal<long?> Current = new();

    /// <summary>The user; null where everything may be read.</summary>
    public static long? UserId => Current.Value;

    /// <summary>From here on, in this flow and what it starts. An async method that calls it has it to itself.</summary>
    public static void Begin(long userId) => Current.Value = userId;

    /// <summary>For what is kept for everybody.</summary>
    public static void Lift() => Current.Value = null;
}
