namespace Switchyard.Catalog.Ignore;

/// <summary>Whether a path is left out, and what decided it.</summary>
/// <param name="Ignored">The path is left out.</param>
/// <param name="Line">The line of the deciding pattern in the file; null for a built-in pattern or when none matches.</param>
/// <param name="Pattern">The deciding pattern as written; null when none matches.</param>
public readonly record struct IgnoreDecision(bool Ignored, int? Line, string? Pattern);

/// <summary>An ignore file or the reason why it cannot be used; then nothing is to be added or removed until it is fixed.</summary>
public sealed record IgnoreReading(IgnoreFile? File, ModelProblem? Problem);
