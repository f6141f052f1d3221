namespace Switchyard.Cli.Output;

/// <summary>How a command ended. Scripts rely on these; <c>switchyard help exit-codes</c> prints them.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Findings = 3;
    public const int Authentication = 4;
    public const int NotFound = 5;
    public const int TimedOut = 6;
    public const int Conflict = 7;
    public const int Integrity = 8;
    public const int OtherSideFailed = 9;

    public static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Ok, "it worked"),
        (Failure, "it failed"),
        (Usage, "the command line is wrong, or you cancelled"),
        (Findings, "it worked and found something: a difference, a failed check"),
        (Authentication, "not signed in, or not allowed"),
        (NotFound, "what was asked for does not exist, or cannot be seen"),
        (TimedOut, "still running when the time to wait was over"),
        (Conflict, "something else stands in the way: it exists already, or was changed meanwhile"),
        (Integrity, "what arrived differs from what was announced (hash or size)"),
        (OtherSideFailed, "the other side (server, GitHub, git) failed or could not be reached"),
    ];

    /// <summary>The exit code of a problem of the server: its code says more than its status where it has one that we know.</summary>
    public static int FromProblem(int status, string? code) => code switch
    {
        Server.Hosting.Problems.Problem.CredentialsRefused => Authentication,
        Server.Hosting.Problems.Problem.NoProvider => Failure,
        _ => FromStatus(status),
    };

    /// <summary>The exit code of work on the server that failed, by the code of its error.</summary>
    public static int FromOperation(string? code) => code switch
    {
        "NoSuchCommit" or "RepositoryMissing" => NotFound,
        "PermissionDenied" or "InstallationSuspended" => Authentication,
        "RateLimited" => OtherSideFailed,
        _ => Failure,
    };

    public static int FromStatus(int status) => status switch
    {
        < 400 => Ok,
        400 or 413 or 415 or 422 => Usage,
        401 or 403 => Authentication,
        404 or 410 => NotFound,
        409 or 412 or 428 => Conflict,
        429 or >= 500 => OtherSideFailed,
        _ => Failure,
    };
}
