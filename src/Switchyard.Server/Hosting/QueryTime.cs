using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Hosting;

/// <summary>A time as a filter: a moment (RFC 3339; UTC where no zone is said), or how long ago: <c>30m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class QueryTime
{
    /// <summary>What the parameters say as UTC milliseconds, null where nothing is said; or what is wrong with them.</summary>
    public static (long?[] Times, ProblemHttpResult? Problem) Read(TimeProvider time, params (string Name, string? Text)[] parameters)
    {
        var times = new long?[parameters.Length];
        var errors = new List<ProblemError>();
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, text) = parameters[i];
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            times[i] = Parse(text.Trim(), time.GetUtcNow());
            if (times[i] is null)
            {
                errors.Add(ProblemError.OfParameter(name, $"{name} is \"{text}\"; it must be a time as 2026-11-21T09:00:00Z, or how long ago: 30m, 24h, 7d."));
            }
        }

        return (times, errors.Count > 0 ? Problem.InvalidQuery(errors) : null);
    }

    private static long? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            TimeSpan? span = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' when count <= 36_500 => TimeSpan.FromDays(count),
                _ => null,
            };
            return span is { } ago ? (now - ago).ToUnixTimeMilliseconds() : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds() : null;
    }
}
