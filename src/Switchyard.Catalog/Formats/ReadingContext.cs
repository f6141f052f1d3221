namespace Switchyard.Catalog.Formats;

/// <summary>What one reading shares: its problems, its bounds and the wish to stop it.</summary>
internal sealed class ReadingContext(CancellationToken ct)
{
    private readonly List<ModelProblem> problems = [];
    private int attributes;
    private int items;

    public CancellationToken Cancellation => ct;

    public IReadOnlyList<ModelProblem> Problems => problems;

    /// <summary>A bound was met or a part could not be read: what there is, is not all.</summary>
    public bool Incomplete { get; private set; }

    public ModelStatus Status => Incomplete ? ModelStatus.Partial : ModelStatus.Ready;

    /// <summary>Counts one more attribute; false once there are too many, and then the rest is left out.</summary>
    public bool TakeAttribute()
    {
        if (attributes < Bounds.Attributes)
        {
            if ((++attributes & 0xFFF) == 0)
            {
                ct.ThrowIfCancellationRequested();
            }

            return true;
        }

        if (attributes++ == Bounds.Attributes)
        {
            Cut(ProblemCode.TooLarge, $"The model has more than {Bounds.Attributes} attributes; the rest is left out.");
        }

        return false;
    }

    /// <summary>Counts one more entity, relationship, key or the like, as <see cref="TakeAttribute"/> does for attributes.</summary>
    public bool TakeItem()
    {
        ct.ThrowIfCancellationRequested();
        if (items < Bounds.Items)
        {
            items++;
            return true;
        }

        if (items++ == Bounds.Items)
        {
            Cut(ProblemCode.TooLarge, $"The model has more than {Bounds.Items} entities, relationships and keys; the rest is left out.");
        }

        return false;
    }

    public void Report(ModelProblem problem)
    {
        if (problems.Count < Bounds.Problems)
        {
            problems.Add(problem);
        }
    }

    public void Note(string code, string message) => Report(new(code, message, ProblemSeverity.Information));

    public void Warn(string code, string message) => Report(new(code, message, ProblemSeverity.Warning));

    /// <summary>Reports that the model is incomplete from here on.</summary>
    public void Cut(string code, string message, long? offset = null)
    {
        Incomplete = true;
        Report(new(code, message, ProblemSeverity.Error, Offset: offset));
    }
}
