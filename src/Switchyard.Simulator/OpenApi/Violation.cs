namespace Switchyard.Simulator.OpenApi;

/// <summary>A difference between what went over the wire and GitHub's OpenAPI description.</summary>
/// <param name="Part"><c>request</c> or <c>response</c>.</param>
/// <param name="Operation">Method and path template.</param>
/// <param name="Where">A JSON pointer into the body, or <c>query/name</c>, <c>path/name</c>, <c>status</c>.</param>
/// <param name="Message">What is wrong.</param>
public sealed record Violation(string Part, string Operation, string Where, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Part} of {Operation}: {Where}: {Message}";
}
