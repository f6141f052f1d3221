namespace Switchyard.Server.Storage;

/// <summary>
/// The condition of a list, of what was asked for alone. With "is null or" for each filter there is, no index could be used, and
/// rows that are only to be counted would all be read.
/// </summary>
internal static class Conditions
{
    public static string Of(params ReadOnlySpan<(bool Wanted, string Condition)> all)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (wanted, condition) in all)
        {
            if (wanted)
            {
                text.Append(text.Length == 0 ? "" : " and ").Append(condition);
            }
        }

        return text.Length == 0 ? "1 = 1" : text.ToString();
    }
}
