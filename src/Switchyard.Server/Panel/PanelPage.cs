using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;

namespace Switchyard.Server.Panel;

/// <summary>
/// A page is an endpoint that answers with a component. It states its role, takes the parameters of the list it shows
/// (<see cref="Hosting.QueryRules"/>), and is no part of the API's description.
/// </summary>
internal static class PanelPage
{
    /// <summary>A path of the panel: what goes wrong there is told as a page.</summary>
    public sealed record Marker;

    /// <summary>Says that the endpoint is a page, and who may see it.</summary>
    public static RouteHandlerBuilder AsPage(this RouteHandlerBuilder endpoint, Role role = Role.Viewer) =>
        endpoint.RequireAuthorization(role.ToString()).WithMetadata(new Marker()).ExcludeFromDescription();

    /// <summary>A page that anybody may see.</summary>
    public static RouteHandlerBuilder AsPublicPage(this RouteHandlerBuilder endpoint) => endpoint.AllowAnonymous().WithMetadata(new Marker()).ExcludeFromDescription();

    public static RazorComponentResult Of<TPage>(params (string Name, object? Value)[] parameters)
        where TPage : IComponent => new(typeof(TPage), parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));

    /// <summary>The page of what the API answers: its value as the page's <c>Model</c>, or the problem as it is.</summary>
    public static IResult Show<TPage>(IResult answer)
        where TPage : IComponent => Unwrap(answer) switch
    {
        IValueHttpResult { Value: { } value } and not ProblemHttpResult => Of<TPage>(("Model", value)),
        var other => other,
    };

    /// <summary>After a form was taken by the API: back to the page with what to say, or the problem.</summary>
    public static IResult Done(HttpContext context, IResult answer, string path, string message) =>
        Unwrap(answer) is ProblemHttpResult problem ? problem : SeeOther(context, path, message);

    /// <summary>The value that an endpoint of the API gives, or the problem it tells.</summary>
    public static (T? Value, IResult? Problem) Take<T>(IResult answer)
        where T : class => Unwrap(answer) switch
    {
        IValueHttpResult { Value: T value } => (value, null),
        var other => (null, other),
    };

    /// <summary>A filter as a form sends it: left empty, it is none.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static IResult Unwrap(IResult answer) => answer is INestedHttpResult nested ? nested.Result : answer;

    /// <summary>Back to a page after a form was taken, with what to say there (<see cref="Flash"/>).</summary>
    public static RedirectHttpResult SeeOther(HttpContext context, string path, string? message = null)
    {
        if (message is not null)
        {
            Flash.Leave(context, message);
        }

        return TypedResults.LocalRedirect("~" + path, permanent: false, preserveMethod: false);
    }
}
