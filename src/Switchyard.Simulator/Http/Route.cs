namespace Switchyard.Simulator.Http;

/// <summary>Who may call an operation.</summary>
internal enum Audience
{
    Anyone,

    /// <summary>The App itself, by JWT.</summary>
    App,

    /// <summary>An installation token only.</summary>
    Installation,

    /// <summary>Any token that sees the repository named in the path.</summary>
    Repository,

    /// <summary>A token that stands for a person.</summary>
    User,
}

internal delegate ValueTask<Answer> RouteHandler(Call call);

/// <summary>One operation: method, path template in the words of GitHub's OpenAPI file, and what it asks for.</summary>
internal sealed record Route(string Method, string Template, Audience Audience, RouteHandler Handler)
{
    /// <summary>For instance <c>contents</c>; null asks for nothing.</summary>
    public string? Permission { get; init; }

    public string Level { get; init; } = "read";

    /// <summary>The template under which the OpenAPI file lists it, when ours differs.</summary>
    public string Operation { get; init; } = Template.Replace("*}", "}", StringComparison.Ordinal);

    /// <summary>A write changes the repository: refused when it is archived.</summary>
    public bool Writes => !string.Equals(Method, "GET", StringComparison.Ordinal);
}
