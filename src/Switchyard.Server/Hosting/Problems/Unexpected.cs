namespace Switchyard.Server.Hosting.Problems;

/// <summary>
/// A failure that nobody foresaw, in words for people. Its own text stays in the log: it speaks of types, tables and files, and
/// says nothing to who reads it elsewhere.
/// </summary>
internal static class Unexpected
{
    /// <param name="failure">What was thrown.</param>
    /// <param name="logged">What the log has it under: the event's name and whom it concerns.</param>
    public static string Describe(Exception failure, string logged) =>
        $"Something unexpected went wrong here ({failure.GetType().Name}). See the server's log for \"{logged}\".";
}
