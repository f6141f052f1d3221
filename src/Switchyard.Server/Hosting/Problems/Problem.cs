using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Switchyard.Server.Hosting.Problems;

/// <summary>What the caller can do about a problem: a link to follow or a command that runs as printed.</summary>
public sealed record NextStep(string Label, string? Href = null, string? Command = null);

/// <summary>One thing that is wrong with a request: where (a member of the body by RFC 6901, or a parameter of the query), and what would be right.</summary>
public sealed record ProblemError(
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pointer = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parameter = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Allowed = null)
{
    /// <summary>A member of the body is wrong.</summary>
    public static ProblemError OfMember(string pointer, string code, string message) => new(code, message, pointer);

    /// <summary>A parameter of the query is wrong.</summary>
    public static ProblemError OfParameter(string parameter, string message, IReadOnlyList<string>? allowed = null) =>
        new(Problem.InvalidParameter, message, null, parameter, allowed);
}

/// <summary>One of the things that an ambiguous name may mean.</summary>
public sealed record ProblemCandidate(string Id, string Provider, string FullName, string Href);

/// <summary>Errors of the API as RFC 9457 <c>application/problem+json</c>: what happened, why, the next step.</summary>
public static class Problem
{
    public const string InvalidParameter = "InvalidParameter";

    public const string AmbiguousName = "Ambiguous";

    /// <summary>The server knows no GitHub yet.</summary>
    public const string NoProvider = "NoProvider";

    /// <summary>GitHub does not accept the key or token that the request brought.</summary>
    public const string CredentialsRefused = "CredentialsRefused";

    public static ProblemHttpResult NotFound(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status404NotFound, "NotFound", detail, [], next);

    /// <summary>What a member of the body names is not there.</summary>
    public static ProblemHttpResult NotFound(string detail, string pointer, params NextStep[] next) =>
        Result(StatusCodes.Status404NotFound, "NotFound", detail, [ProblemError.OfMember(pointer, "NotFound", detail)], next);

    /// <summary>A request that cannot be carried out as it is; the pointer (RFC 6901) names the member that is wrong.</summary>
    public static ProblemHttpResult Invalid(string detail, string? pointer = null, params NextStep[] next) =>
        Invalid("Invalid", detail, pointer, next);

    /// <summary>The same with a code of its own.</summary>
    public static ProblemHttpResult Invalid(string code, string detail, string? pointer, params NextStep[] next) =>
        Result(StatusCodes.Status422UnprocessableEntity, code, detail, pointer is null ? [] : [ProblemError.OfMember(pointer, code, detail)], next);

    /// <summary>Parameters of the query are wrong; all of them are told.</summary>
    public static ProblemHttpResult InvalidQuery(params IReadOnlyList<ProblemError> errors) => Result(
        StatusCodes.Status422UnprocessableEntity,
        InvalidParameter,
        string.Join(' ', errors.Select(error => error.Message)),
        errors,
        [new NextStep("Parameters and their words", Href: "/openapi/v1.json")]);

    public static ProblemHttpResult Conflict(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status409Conflict, "Conflict", detail, [], next);

    /// <summary>What was named is several things; the candidates are members of the answer.</summary>
    public static ProblemHttpResult Ambiguous(string detail, IReadOnlyList<ProblemCandidate> candidates, params NextStep[] next)
    {
        var result = Result(StatusCodes.Status409Conflict, AmbiguousName, detail, [], next);
        result.ProblemDetails.Extensions["candidates"] = candidates;
        return result;
    }

    /// <summary>The other side (GitHub, git) failed or refused.</summary>
    public static ProblemHttpResult Upstream(string detail, params NextStep[] next) =>
        Result(StatusCodes.Status502BadGateway, "Upstream", detail, [], next);

    public static Task Write(HttpContext context, int status, string code, string detail, params NextStep[] next) =>
        Result(status, code, detail, [], next).ExecuteAsync(context);

    /// <summary>A body that cannot be read; the error names the place.</summary>
    public static Task Write(HttpContext context, int status, string code, string detail, ProblemError? error, params NextStep[] next) =>
        Result(status, code, detail, error is null ? [] : [error], next).ExecuteAsync(context);

    private static ProblemHttpResult Result(int status, string code, string detail, IReadOnlyList<ProblemError> errors, NextStep[] next)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Type = "urn:switchyard:problem:" + code,
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Detail = detail,
        };
        problem.Extensions["code"] = code;
        if (errors.Count > 0)
        {
            problem.Extensions["errors"] = errors;
        }

        if (next.Length > 0)
        {
            problem.Extensions["next"] = next;
        }

        return TypedResults.Problem(problem);
    }
}
