namespace Switchyard.Rules;

/// <summary>A place in a rule file.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, counted in UTF-16 units.</param>
/// <param name="Path">Which value it is: <c>rules[0].do[0].workflow.file</c>.</param>
public sealed record TextPlace(int Line, int Column, string Path);

/// <summary>A repository that an action names without a placeholder.</summary>
/// <param name="Rule">The rule's name; null where the file does not say it.</param>
/// <param name="Repository"><c>owner/name</c>, as written.</param>
/// <param name="At">The value itself.</param>
public sealed record TargetPlace(string? Rule, string Repository, TextPlace At);
