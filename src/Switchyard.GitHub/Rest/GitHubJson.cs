using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Switchyard.GitHub.Apps;

namespace Switchyard.GitHub.Rest;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = false,
    MaxDepth = 256)]
[JsonSerializable(typeof(GitHubApp))]
[JsonSerializable(typeof(GitHubInstallation))]
[JsonSerializable(typeof(List<GitHubInstallation>))]
[JsonSerializable(typeof(RepositoryPage))]
[JsonSerializable(typeof(InstallationPage))]
[JsonSerializable(typeof(PermissionAnswer))]
[JsonSerializable(typeof(GitHubRepository))]
[JsonSerializable(typeof(List<GitHubRepository>))]
[JsonSerializable(typeof(List<GitHubInstallationRequest>))]
[JsonSerializable(typeof(GitHubAccount))]
[JsonSerializable(typeof(GitHubUser))]
[JsonSerializable(typeof(CodeExchange))]
[JsonSerializable(typeof(CodeAnswer))]
[JsonSerializable(typeof(MembershipAnswer))]
[JsonSerializable(typeof(GitHubRef))]
[JsonSerializable(typeof(GitHubObject))]
[JsonSerializable(typeof(List<GitHubRef>))]
[JsonSerializable(typeof(HookConfig))]
[JsonSerializable(typeof(List<HookDelivery>))]
[JsonSerializable(typeof(HookDeliveryDetail))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ConversionAnswer))]
[JsonSerializable(typeof(StartedRun))]
[JsonSerializable(typeof(Workflow))]
[JsonSerializable(typeof(WorkflowPage))]
[JsonSerializable(typeof(WorkflowRun))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(CheckRun))]
[JsonSerializable(typeof(CheckRunPage))]
[JsonSerializable(typeof(CheckSuitePage))]
[JsonSerializable(typeof(CombinedStatus))]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(List<PullRequest>))]
[JsonSerializable(typeof(List<ComparedFile>))]
[JsonSerializable(typeof(GitHubCommit))]
[JsonSerializable(typeof(WrittenFile))]
[JsonSerializable(typeof(SecretKey))]
[JsonSerializable(typeof(SecretPage))]
internal sealed partial class GitHubJson : JsonSerializerContext
{
    /// <exception cref="GitHubException">The answer is no JSON of this shape.</exception>
    public static T Read<T>(ApiRequest request, ApiResponse response, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(response.Body, type) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw ApiErrors.Odd(request, $"the answer is not the JSON that was expected ({error.Path ?? "at its beginning"})", response.Url);
        }
    }
}

internal sealed record RepositoryPage(long TotalCount)
{
    public List<GitHubRepository> Repositories { get; init => field = value ?? []; } = [];
}

internal sealed record InstallationPage(long TotalCount)
{
    public List<GitHubInstallation> Installations { get; init => field = value ?? []; } = [];
}

internal sealed record WorkflowPage(long TotalCount)
{
    public List<Workflow> Workflows { get; init => field = value ?? []; } = [];
}

internal sealed record RunPage(long TotalCount)
{
    public List<WorkflowRun> WorkflowRuns { get; init => field = value ?? []; } = [];
}

internal sealed record JobPage(long TotalCount)
{
    public List<WorkflowJob> Jobs { get; init => field = value ?? []; } = [];
}

internal sealed record CheckRunPage(long TotalCount)
{
    public List<CheckRun> CheckRuns { get; init => field = value ?? []; } = [];
}

internal sealed record CheckSuitePage(long TotalCount)
{
    public List<CheckSuite> CheckSuites { get; init => field = value ?? []; } = [];
}

internal sealed record SecretPage(long TotalCount)
{
    public List<GitHubSecret> Secrets { get; init => field = value ?? []; } = [];
}

internal sealed record SecretKey(string? KeyId, string? Key);

internal sealed record WrittenFile(GitHubObject? Commit);

internal sealed record TokenAnswer(string? Token, DateTimeOffset? ExpiresAt);

internal sealed record ConversionAnswer(
    long Id,
    string? ClientId,
    string? ClientSecret,
    string? Slug,
    string? Name,
    string? WebhookSecret,
    string? Pem,
    GitHubAccount? Owner,
    string? HtmlUrl,
    Dictionary<string, string>? Permissions,
    List<string>? Events);

/// <summary>insecure_ssl is "0" or 0, by the schema and in the field.</summary>
internal sealed class LenientText : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return reader.GetDouble().ToString(CultureInfo.InvariantCulture);
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>The login of an account object, where no more of it is used.</summary>
internal sealed class LoginOfAccount : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var account = JsonDocument.ParseValue(ref reader);
        return account.RootElement.ValueKind == JsonValueKind.Object && account.RootElement.TryGetProperty("login", out var login) && login.ValueKind == JsonValueKind.String
            ? login.GetString()
            : null;
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
