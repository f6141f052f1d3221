namespace Switchyard.Rules;

public sealed partial record RuleFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Total: whatever the text is, it gives a file, or what is wrong with it.</summary>
    /// <param name="yaml">The whole file.</param>
    /// <param name="scope">Where the file is: what it may start things in, and what is left out.</param>
    public static RuleFileResult Parse(string yaml, RuleFileScope scope) => throw new NotSupportedException();
}
