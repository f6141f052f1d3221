namespace Switchyard.Simulator;

/// <summary>How a simulator starts. Everything can be changed later over <c>/_simulator</c>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>GitHub's OpenAPI description. Without it nothing is checked; a file that is missing is reported as a skip.</summary>
    public string? OpenApiFile { get; init; }

    /// <summary>Every n-th request is checked against the description: 1 checks all, 0 none.</summary>
    public int OpenApiSample { get; init; } = 1;

    /// <summary>Where the repositories lie on disk. Without it a temporary folder is made, and deleted in the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The clock of this GitHub.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The repositories that are there from the beginning.</summary>
    public IReadOnlyList<SimulatedRepository> Repositories { get; init; } = [];

    /// <summary>Personal access tokens, fine-grained, that are there from the beginning.</summary>
    public IReadOnlyList<SimulatedToken> Tokens { get; init; } = [];

    /// <summary>The person who installs Apps and pushes.</summary>
    public string DeveloperLogin { get; init; } = "developer";

    /// <summary>With this password the person may clone and push every repository.</summary>
    public string DeveloperPassword { get; init; } = "developer";

    /// <summary>Requests an hour before the primary rate limit refuses; GitHub's is 5,000 for an installation.</summary>
    public int PrimaryLimit { get; init; } = 5000;

    /// <summary>How long a simulated workflow run takes, in seconds, where no plan says otherwise; 0: it is over at once.</summary>
    public double RunSeconds { get; init; }

    /// <summary>Seeds all chance in the fault switches.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The git executable.</summary>
    public string GitPath { get; init; } = "git";
}

/// <summary>One repository of the simulated GitHub.</summary>
/// <param name="FullName"><c>owner/name</c>.</param>
/// <param name="Source">A bare repository, a work tree, a bundle file, or a folder of plain files that becomes the first commit; null makes an empty repository.</param>
public sealed record SimulatedRepository(string FullName, string? Source = null)
{
    /// <summary>Private ones are invisible without a token; true by default.</summary>
    public bool Private { get; init; } = true;

    /// <summary>The default branch; otherwise the one the source's HEAD names.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>The commit the default branch begins at, to replay the rest as pushes; the objects of the source are all there.</summary>
    public string? StartAt { get; init; }

    /// <summary>Whether the owner is an organisation (true) or a person.</summary>
    public bool OwnerIsOrganization { get; init; } = true;

    /// <summary>Reads the command line form <c>owner/name=PATH</c>.</summary>
    /// <exception cref="FormatException">The text has another form; the message says which is wanted.</exception>
    public static SimulatedRepository Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var name = at < 0 ? text : text[..at];
        if (name.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            throw new FormatException($"'{text}' is no repository: write owner/name=PATH, where PATH is a repository, a bundle or a folder of files.");
        }

        return new SimulatedRepository(name, at < 0 ? null : text[(at + 1)..]);
    }
}

/// <summary>The source of a repository is nothing that one can be made of; the message names it and what is taken.</summary>
public sealed class RepositorySourceException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The OpenAPI file is none; the message names it.</summary>
public sealed class OpenApiFileException(string message, Exception inner) : IOException(message, inner);

/// <summary>A fine-grained personal access token.</summary>
/// <param name="Value">The secret, for instance <c>github_pat_...</c>.</param>
/// <param name="Owner">The account whose repositories it opens.</param>
/// <param name="Repositories">Their full names; null means all of that owner.</param>
/// <param name="Permissions">Levels by permission name; null means contents and metadata to read.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record SimulatedToken(
    string Value,
    string Owner,
    IReadOnlyList<string>? Repositories = null,
    IReadOnlyDictionary<string, string>? Permissions = null,
    DateTimeOffset? ExpiresAt = null);
