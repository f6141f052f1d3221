using System.Globalization;
using System.Text.Json;

namespace Switchyard.GitHub.Rest;

/// <summary>Turns GitHub's refusals into errors that say what, why and what to do.</summary>
internal static class ApiErrors
{
    public static bool IsRateLimit(ApiResponse response, string message) =>
        response.Status is 403 or 429
        && (response.Status == 429
            || response.Header("retry-after") is not null
            || response.Header("x-ratelimit-remaining") == "0"
            || message.Contains("rate limit", StringComparison.OrdinalIgnoreCase)
            || message.Contains("abuse", StringComparison.OrdinalIgnoreCase));

    /// <summary>A 403 that a fresh token may meet; the others have a cause that no waiting mends.</summary>
    public static bool MayBeLag(ApiResponse response, string message) =>
        response.Status == 401 || (response.Status == 403 && !IsRateLimit(response, message) && KindOf(response.Status, message) == GitHubErrorKind.PermissionMissing);

    /// <summary>404, or the 422 that GitHub gives for a SHA it does not have.</summary>
    public static bool IsNoCommit(GitHubException error) =>
        error.Kind == GitHubErrorKind.NotFound || (error.Status == 422 && error.GitHubMessage?.Contains("No commit found", StringComparison.OrdinalIgnoreCase) == true);

    public static GitHubException ToException(ApiRequest request, ApiResponse response)
    {
        var message = MessageOf(response.Body);
        var kind = request.Meanings?.TryGetValue(response.Status, out var meant) == true ? meant : KindOf(response.Status, message);
        var accepted = response.Header("x-accepted-github-permissions");
        var said = message.Length > 0
            ? $"GitHub answered {Status(response)} \"{message}\""
            : $"GitHub answered {Status(response)}";
        var next = request.Advise?.Invoke(response.Status, message) ?? NextStep(request, kind, accepted);
        return new GitHubException(kind, $"Could not {request.Doing}: {said}. {next}")
        {
            MayHaveHappened = request.Changes && response.Status is >= 500 or < 400,
            Status = response.Status,
            GitHubMessage = message.Length > 0 ? message : null,
            AcceptedPermissions = accepted,
            Url = response.Url,
        };
    }

    public static GitHubException RateLimited(ApiRequest request, DateTimeOffset until, ApiResponse? response)
    {
        var said = response is null ? "its pace for this installation is used up" : $"it answered {Status(response)} \"{MessageOf(response.Body)}\"";
        return new GitHubException(
            GitHubErrorKind.RateLimited,
            $"Could not {request.Doing} now: GitHub limits the rate of requests, {said}. It can be tried again at {until.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z; waiting work resumes by itself.")
        {
            Status = response?.Status,
            GitHubMessage = response is null ? null : MessageOf(response.Body),
            Url = request.Url,
            RetryAt = until,
        };
    }

    /// <param name="sent">Whether the connection stood, so that the request may have arrived.</param>
    public static GitHubException NoAnswer(ApiRequest request, Exception error, bool sent) => new(
        GitHubErrorKind.Network,
        $"Could not {request.Doing}: {request.Url.Host} could not be reached (\"{error.Message}\"). Check the network, the proxy and the address; it is safe to try again{(request.Repeatable || !sent ? "" : " once it is known that nothing happened")}.",
        error)
    {
        MayHaveHappened = request.Changes && sent,
        Url = request.Url,
    };

    public static GitHubException TooLate(ApiRequest request, TimeSpan after, Exception error) => new(
        GitHubErrorKind.Timeout,
        $"Could not {request.Doing}: {request.Url.Host} gave no answer within {after.TotalSeconds:0} s. {(request.Repeatable ? "Try again later." : "It may have happened all the same: look before it is sent again.")}",
        error)
    {
        MayHaveHappened = request.Changes,
        Url = request.Url,
    };

    /// <param name="refused">Whether it is certain that nothing was done.</param>
    public static GitHubException Odd(ApiRequest request, string what, Uri? url = null, bool refused = false) => new(
        GitHubErrorKind.Protocol,
        $"Could not {request.Doing}: {what}. Check that {request.Url.GetLeftPart(UriPartial.Authority)} is GitHub's API and that no proxy answers in its place.")
    {
        MayHaveHappened = request.Changes && !refused,
        Url = url ?? request.Url,
    };

    /// <summary><c>message</c> with the details of <c>errors</c> (objects or plain strings) behind it.</summary>
    public static string MessageOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "";
            }

            var message = document.RootElement.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!.Trim() : "";
            if (!document.RootElement.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
            {
                return Short(message);
            }

            var details = string.Join(", ", errors.EnumerateArray().Select(Detail).Where(detail => detail.Length > 0).Take(5));
            return Short(details.Length == 0 ? message : $"{message} ({details})");
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Short(string text) => text.Length <= 500 ? text : text[..500] + "...";

    private static string Status(ApiResponse response) => response.Status.ToString(CultureInfo.InvariantCulture);

    private static string Detail(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return error.GetString()!;
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        string Text(string name) => error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return Text("message") is { Length: > 0 } message ? message : $"{Text("resource")} {Text("field")} {Text("code")}".Trim();
    }

    private static GitHubErrorKind KindOf(int status, string message)
    {
        bool Says(string word) => message.Contains(word, StringComparison.OrdinalIgnoreCase);
        return status switch
        {
            401 => GitHubErrorKind.Unauthorized,
            403 when Says("suspended") => GitHubErrorKind.Suspended,
            403 when Says("archived") => GitHubErrorKind.Archived,
            403 => GitHubErrorKind.PermissionMissing,
            404 or 410 => GitHubErrorKind.NotFound,
            409 when Says("empty") => GitHubErrorKind.EmptyRepository,
            429 => GitHubErrorKind.RateLimited,
            >= 400 and < 500 => GitHubErrorKind.Validation,
            >= 500 => GitHubErrorKind.Server,
            _ => GitHubErrorKind.Protocol,
        };
    }

    private static string NextStep(ApiRequest request, GitHubErrorKind kind, string? accepted) => kind switch
    {
        GitHubErrorKind.PermissionMissing when request.Needs is not null =>
            $"{Subject(request)} lacks {Permissions(string.IsNullOrWhiteSpace(accepted) ? request.Needs : accepted)}. Grant it in the settings of the App (or of the token); for an App, the owner of the installation must then approve it.",
        GitHubErrorKind.NotFound when request.Needs is not null =>
            $"It does not exist, or {request.Identity.Name} has no access to it: GitHub answers the same for both. Check the name, that {request.Identity.Name} reaches the repository, and that it has {Permissions(string.IsNullOrWhiteSpace(accepted) ? request.Needs : accepted)}.",
        GitHubErrorKind.Unauthorized => "Check the key or token: it was revoked, has expired, or belongs to another App or host.",
        GitHubErrorKind.PermissionMissing when Permissions(accepted) is { Length: > 0 } needed => $"The App or token lacks {needed}. Grant it in the App's settings; the owner of the installation must then approve it.",
        GitHubErrorKind.PermissionMissing => "The App or token lacks a permission for this. Compare the permissions granted with those needed.",
        GitHubErrorKind.Suspended => "An owner of the account can unsuspend the installation; nothing was deleted.",
        GitHubErrorKind.InstallationGone => "The installation was deleted. If the App was installed again, it has a new id: synchronize the installations.",
        GitHubErrorKind.NotFound => "It does not exist, or the App or token has no access to it: GitHub answers the same for both. Check the name and the installation's repositories.",
        GitHubErrorKind.NotGranted => "Add the repository to the installation, or grant the permission and have it approved.",
        GitHubErrorKind.Archived => "Unarchive the repository on GitHub to write to it; reading works.",
        GitHubErrorKind.EmptyRepository => "The repository has no commit yet; it is read as soon as it has one.",
        GitHubErrorKind.Server when request is { Changes: true, Repeatable: false } => "GitHub has a problem of its own (see https://www.githubstatus.com for github.com). It may have happened all the same: look before it is sent again.",
        GitHubErrorKind.Server => "GitHub has a problem of its own (see https://www.githubstatus.com for github.com); it is tried again later.",
        GitHubErrorKind.RateLimited => "Wait; work resumes by itself.",
        GitHubErrorKind.Validation => "Correct what GitHub names.",
        _ => "Check the address of the API.",
    };

    // "contents=read; metadata=read, issues=write": alternatives by comma, needed together by semicolon (docs are silent; both are shown).
    private static string Permissions(string? accepted) => string.IsNullOrWhiteSpace(accepted)
        ? ""
        : string.Join(", ", accepted.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Permission));

    private static string Subject(ApiRequest request) => char.ToUpperInvariant(request.Identity.Name[0]) + request.Identity.Name[1..];

    private static string Permission(string pair)
    {
        var (name, level) = pair.Split('=') is [var left, var right] ? (left, right) : (pair, "");
        name = name.Replace('_', ' ');
        name = name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name;
        return level.Length > 0 ? $"*{name}: {level}*" : $"*{name}*";
    }
}
