using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Switchyard.Server.Hosting.Problems;

/// <summary>What the caller can do about a problem: a link to follow or a command that runs as printed.</summary>
public sealed record NextStep(string Label, string? Href = null, string? Command = null);

/// <summary>Errors of the API as RFC 9457 <c>application/problem+json</c>: what happened, why, the next step.</summary>
public static class Problem
{
    public static ProblemHttpResult NotFound(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status404NotFound, "NotFound", detail, null, next);

    /// <summary>A request that cannot be carried out as it is; the pointer (RFC 6901) names the member that is wrong.</summary>
    public static ProblemHttpResult Invalid(string detail, string? pointer = null, params NextStep[] next) =>
        Result(StatusCodes.Status422UnprocessableEntity, "Invalid", detail, pointer, next);

    public static ProblemHttpResult Conflict(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status409Conflict, "Conflict", detail, null, next);

    /// <summary>The other side (GitHub, git) failed or refused.</summary>
    public static ProblemHttpResult Upstream(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status502BadGateway, "Upstream", detail, null, next);

    public static Task Write(HttpContext context, int status, string code, string detail, params NextStep[] next) =>
        Result(status, code, detail, null, next).ExecuteAsync(context);

    private static ProblemHttpResult Result(int status, string code, string detail, string? pointer, NextStep[] next)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Type = "urn:switchyard:problem:" + code,
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Detail = detail,
        };
        problem.Extensions["code"] = code;
        if (pointer is not null)
        {
            problem.Extensions["errors"] = new[] { new { pointer, code, message = detail } };
        }

        if (next.Length > 0)
        {
            problem.Extensions["next"] = next;
        }

        return TypedResults.Problem(problem);
    }
}
