namespace Switchyard.Server.Models.Diffs;

/// <summary>The text of two Versions of a model, compared file by file.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="From">The Version that is the left side.</param>
/// <param name="To">The Version that is the right side.</param>
/// <param name="Same">The Versions are the same, byte by byte.</param>
/// <param name="Added">Lines that were added, in all files.</param>
/// <param name="Removed">Lines that were removed, in all files.</param>
/// <param name="Files">One for a file; for a folder one for each member that is not the same on both sides.</param>
public sealed record ModelDiff(string ModelId, DiffVersion From, DiffVersion To, bool Same, int Added, int Removed, IReadOnlyList<FileDiff> Files);

/// <summary>A Version that is compared.</summary>
public sealed record DiffVersion(long Number, string Sha, string? Digest);

/// <summary>One file on both sides.</summary>
/// <param name="Name">The name; of a member of a folder its path below it.</param>
/// <param name="State">Changed, Added, Removed or Same.</param>
/// <param name="Note">What a reader must know: why there are no lines, or what was done to the text before it was compared.</param>
/// <param name="Formatted">The file is JSON in one line, so it was laid out over lines before it was compared.</param>
/// <param name="Cut">There are more hunks than are given.</param>
/// <param name="Added">Lines that were added.</param>
/// <param name="Removed">Lines that were removed.</param>
/// <param name="Hunks">The places that differ, with lines around them.</param>
public sealed record FileDiff(string Name, string State, string? Note, bool Formatted, bool Cut, int Added, int Removed, IReadOnlyList<DiffHunk> Hunks);

/// <summary>One place that differs; starts are line numbers from 1, and the line before it where a side has no line there.</summary>
public sealed record DiffHunk(int OldStart, int OldCount, int NewStart, int NewCount, IReadOnlyList<DiffLine> Lines);

/// <summary>A line.</summary>
/// <param name="Kind">Same, Added or Removed.</param>
/// <param name="Old">Its number on the left side.</param>
/// <param name="New">Its number on the right side.</param>
/// <param name="Text">The text without its end; a carriage return is shown as its symbol.</param>
/// <param name="Unterminated">The last line of a file, without a line end.</param>
public sealed record DiffLine(string Kind, int? Old, int? New, string Text, bool Unterminated);

/// <summary>The states of <see cref="FileDiff"/> and kinds of <see cref="DiffLine"/>.</summary>
internal static class DiffWord
{
    public const string Same = nameof(Same);
    public const string Added = nameof(Added);
    public const string Removed = nameof(Removed);
    public const string Changed = nameof(Changed);
}
