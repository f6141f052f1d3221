using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Hosting;

/// <summary>What a parameter of the query may be. Rules are metadata of the endpoint, so the OpenAPI document shows them too.</summary>
internal abstract record QueryRule;

/// <summary>The endpoint is a list in this order, asked for in pages.</summary>
internal sealed record ListOrder(string Sort) : QueryRule;

/// <summary>A parameter that takes one of these words, in any case.</summary>
internal sealed record QueryWords(string Name, IReadOnlyList<string> Allowed) : QueryRule
{
    /// <summary>The words as a sentence has them: "Synced, OutOfSync or Unknown".</summary>
    public static string Sentence(IReadOnlyList<string> words) => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}

/// <summary>The parameter <c>provider</c>: a provider by its slug or its id.</summary>
internal sealed record QueryProvider : QueryRule;

/// <summary>The parameter <c>repository</c>: one that the hub has, by its name or its id.</summary>
internal sealed record QueryRepository : QueryRule;

/// <summary>The parameter <c>rule</c>: one that there is, or was, by its name or its id.</summary>
internal sealed record QueryRuleName : QueryRule;

/// <summary>A parameter that takes an id.</summary>
internal sealed record QueryId(string Name) : QueryRule;

/// <summary>The rules that a request can name.</summary>
internal interface IRuleNames
{
    /// <summary>Why no rule is meant; null where one or several are.</summary>
    Task<ProblemHttpResult?> MissingAsync(string reference, CancellationToken cancellation);
}

/// <summary>The repositories that a request can name.</summary>
internal interface IRepositoryNames
{
    /// <summary>Why no repository is meant; null where one or several are.</summary>
    Task<ProblemHttpResult?> MissingAsync(string reference, string? provider, CancellationToken cancellation);
}

/// <summary>The providers that a request can name.</summary>
internal interface IProviderNames
{
    Task<IReadOnlyList<(long Id, string Slug)>> ListNamesAsync(CancellationToken cancellation);
}

/// <summary>
/// Checks the parameters of the query before the endpoint runs. A wrong one is refused with the words that are allowed, all
/// at once: an empty list would say that there is nothing.
/// </summary>
internal static class QueryRules
{
    public static RouteHandlerBuilder Checks(this RouteHandlerBuilder endpoint, params QueryRule[] rules)
    {
        endpoint.WithMetadata([.. rules]).AddEndpointFilterFactory((factory, next) => Filter(factory.MethodInfo.GetParameters(), rules, next));
        return rules.OfType<QueryRepository>().Any() ? endpoint.RefusesUnknownRepository()
            : rules.OfType<QueryRuleName>().Any() ? endpoint.Refuses(StatusCodes.Status404NotFound, "NotFound", "There is no rule \"nightli\", nor was there one. Did you mean \"nightly\"?")
            : endpoint;
    }

    /// <summary>A filter by a repository that the hub does not know is a mistake, not an empty list.</summary>
    public static RouteHandlerBuilder RefusesUnknownRepository(this RouteHandlerBuilder endpoint) => endpoint.Refuses(
        StatusCodes.Status404NotFound, "NotFound", "There is no repository acme/models here. If it is new, give the App access to it on GitHub.");

    private static EndpointFilterDelegate Filter(ParameterInfo[] parameters, QueryRule[] rules, EndpointFilterDelegate next) => async invocation =>
    {
        var errors = invocation.Arguments.OfType<PageRequest>().SelectMany(page => page.Errors).ToList();
        errors.AddRange(Unknown(parameters, invocation.HttpContext.Request));
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case QueryWords words:
                    Check(invocation, IndexOf(parameters, words.Name), errors, words.Name, words.Allowed, given => Find(words.Allowed, given));
                    break;
                case QueryProvider when invocation.Arguments[IndexOf(parameters, "provider")] is string { Length: > 0 }:
                    var known = await invocation.HttpContext.RequestServices.GetRequiredService<IProviderNames>().ListNamesAsync(invocation.HttpContext.RequestAborted);
                    Check(invocation, IndexOf(parameters, "provider"), errors, "provider", [.. known.Select(provider => provider.Slug)], given => Find(known, given));
                    break;
                case QueryId id when invocation.Arguments[IndexOf(parameters, id.Name)] is string { Length: > 0 } given && !long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    errors.Add(ProblemError.OfParameter(id.Name, $"{id.Name} is \"{given}\"; it must be the number that the list shows."));
                    break;
                default:
                    break;
            }
        }

        return errors.Count > 0 ? Problem.InvalidQuery(errors)
            : await MissingAsync(parameters, rules, invocation) is { } missing ? missing
            : await next(invocation);
    };

    private static async Task<ProblemHttpResult?> MissingAsync(ParameterInfo[] parameters, QueryRule[] rules, EndpointFilterInvocationContext invocation)
    {
        var (services, cancellation) = (invocation.HttpContext.RequestServices, invocation.HttpContext.RequestAborted);
        var provider = Array.Exists(parameters, parameter => parameter.Name == "provider") ? invocation.Arguments[IndexOf(parameters, "provider")] as string : null;
        ProblemHttpResult? missing = null;
        if (rules.OfType<QueryRepository>().Any() && invocation.Arguments[IndexOf(parameters, "repository")] is string { Length: > 0 } repository)
        {
            missing = await services.GetRequiredService<IRepositoryNames>().MissingAsync(repository, provider, cancellation);
        }

        return missing is null && rules.OfType<QueryRuleName>().Any() && invocation.Arguments[IndexOf(parameters, "rule")] is string { Length: > 0 } rule
            ? await services.GetRequiredService<IRuleNames>().MissingAsync(rule, cancellation)
            : missing;
    }

    /// <summary>A filter that is not known and so left out would show everything, which is worse than nothing.</summary>
    private static IEnumerable<ProblemError> Unknown(ParameterInfo[] parameters, HttpRequest request)
    {
        var known = parameters
            .Where(parameter => parameter.ParameterType == typeof(string) || (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).IsPrimitive)
            .Select(parameter => parameter.Name!)
            .Where(name => !request.RouteValues.ContainsKey(name))
            .Concat(parameters.Any(parameter => parameter.ParameterType == typeof(PageRequest)) ? PageRequest.Names : [])
            .Order(StringComparer.Ordinal)
            .ToList();
        return from name in request.Query.Keys
               where !known.Contains(name, StringComparer.OrdinalIgnoreCase)
               select ProblemError.OfParameter(name, $"{name} is no parameter here; there are {QueryWords.Sentence(known)}.", known);
    }

    private static void Check(
        EndpointFilterInvocationContext invocation, int index, List<ProblemError> errors, string name, IReadOnlyList<string> allowed, Func<string, string?> find)
    {
        if (invocation.Arguments[index] is not string { Length: > 0 } given)
        {
            return;
        }

        if (find(given) is { } word)
        {
            invocation.Arguments[index] = word;
            return;
        }

        errors.Add(ProblemError.OfParameter(
            name, allowed.Count == 0 ? $"{name} is \"{given}\", and there is none yet." : $"{name} is \"{given}\"; it must be {QueryWords.Sentence(allowed)}.", allowed));
    }

    private static string? Find(IReadOnlyList<string> allowed, string given) => allowed.FirstOrDefault(word => word.Equals(given, StringComparison.OrdinalIgnoreCase));

    private static string? Find(IReadOnlyList<(long Id, string Slug)> known, string given) =>
        Find([.. known.Select(provider => provider.Slug)], given)
        ?? known.Where(provider => provider.Id.ToString(CultureInfo.InvariantCulture) == given).Select(provider => provider.Slug).FirstOrDefault();

    private static int IndexOf(ParameterInfo[] parameters, string name) =>
        Array.FindIndex(parameters, parameter => parameter.Name == name) is var index and >= 0
            ? index
            : throw new InvalidOperationException($"A rule names the parameter {name}, which the endpoint does not take.");
}
