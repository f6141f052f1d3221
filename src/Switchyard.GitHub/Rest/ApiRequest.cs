namespace Switchyard.GitHub.Rest;

/// <summary>
/// One call. <c>Doing</c> completes "Could not ..." in errors. <c>Repeatable</c>: doing it twice is doing it once, so it
/// may be sent again after a 5xx or a lost connection. <c>Raw</c>: every answer is given back, none is an error.
/// </summary>
internal sealed record ApiRequest(HttpMethod Method, Uri Url, string Doing, ApiIdentity Identity)
{
    public const string Json = "application/vnd.github+json";
    public const string RawContent = "application/vnd.github.raw+json";

    public byte[]? Body { get; init; }

    public string Accept { get; init; } = Json;

    public bool Repeatable { get; init; } = Method != HttpMethod.Post && Method != HttpMethod.Patch;

    public bool Raw { get; init; }

    /// <summary>What a status means here, where that is more than it says by itself.</summary>
    public IReadOnlyDictionary<int, GitHubErrorKind>? Meanings { get; init; }

    /// <summary>The permission this needs, such as <c>actions=write</c>, for where GitHub does not say it.</summary>
    public string? Needs { get; init; }

    /// <summary>The next step for a refusal (status, GitHub's message) that means something particular here; null for what any call would say.</summary>
    public Func<int, string, string?>? Advise { get; init; }

    /// <summary>Leaves part of the pace of writes to others, and never waits for it.</summary>
    public bool Yields { get; init; }

    /// <summary>Whether it matters if it happened: a read does not, nor does a token that was made and lost.</summary>
    public bool Changes { get; init; } = Method != HttpMethod.Get && Method != HttpMethod.Head;

    public bool IsGet => Method == HttpMethod.Get;

    public bool IsWrite => Method != HttpMethod.Get && Method != HttpMethod.Head;
}

/// <summary>An answer, read to its end. <c>FromCache</c>: GitHub said "not modified", and no quota was used.</summary>
internal sealed record ApiResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, Uri Url, bool FromCache = false)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
