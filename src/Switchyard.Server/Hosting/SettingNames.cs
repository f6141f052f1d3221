using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Switchyard.Server.Hosting;

/// <summary>
/// Refuses settings that nothing reads: a misspelled key would leave a default in force without a word. All wrong ones are
/// told at once, each with the key that was probably meant.
/// </summary>
internal sealed partial class SettingNames(IConfiguration configuration) : IValidateOptions<SettingNames.Checked>
{
    /// <summary>Stands for the names being checked; validated at the start.</summary>
    public sealed class Checked;

    /// <summary>Read by ASP.NET and its logging, or set by its host.</summary>
    private static readonly string[] OfFramework = ["Logging", "Kestrel", "AllowedHosts", "Urls", "applicationName", "environment", "contentRoot"];

    /// <summary>The variables of the command line, which stand in the same environment.</summary>
    private static readonly string[] OfCommandLine =
        ["PROGRAM", "DATA", "URL", "TOKEN", "APP_ID", "CLIENT_ID", "PRIVATE_KEY", "PRIVATE_KEY_FILE", "INSTALLATION_ID", "API_URL", "WEB_URL", "GITHUB_TOKEN"];

    /// <summary>Every setting there is: each settable member of an options class, below its section.</summary>
    private static readonly Dictionary<string, Type> Known = typeof(SettingNames).Assembly.GetTypes()
        .Select(type => (Type: type, Section: type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
        .Where(options => options.Section is not null)
        .SelectMany(options => options.Type.GetProperties().Where(property => property.CanWrite)
            .Select(property => KeyValuePair.Create($"{options.Section}:{property.Name}", property.PropertyType)))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    public ValidateOptionsResult Validate(string? name, Checked options)
    {
        var wrong = Check(configuration);
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>What is wrong with the names and the form of the values.</summary>
    public static IReadOnlyList<string> Check(IConfiguration configuration) =>
        [.. configuration.AsEnumerable().Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Check(pair.Key, pair.Value!)).OfType<string>()];

    private static string? Check(string key, string value)
    {
        if (Known.TryGetValue(key, out var type))
        {
            return IsOfType(value, Nullable.GetUnderlyingType(type) ?? type) ? null : $"{key} is \"{value}\"; it must be {Describe(Nullable.GetUnderlyingType(type) ?? type)}.";
        }

        if (OfFramework.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase) || OfCommandLine.Contains(key, StringComparer.OrdinalIgnoreCase) || OfOthers().IsMatch(key))
        {
            return null;
        }

        return Nearest.Of(key, Known.Keys.Concat(OfFramework)) is { } meant ? $"There is no setting {key}; did you mean {meant}?" : $"There is no setting {key}.";
    }

    private static bool IsOfType(string value, Type type) => type == typeof(string) || TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Describe(Type type) =>
        type == typeof(TimeSpan) ? "a time as 00:05:00 (hours, minutes, seconds)"
        : type == typeof(bool) ? "true or false"
        : type.IsPrimitive ? "a whole number"
        : "another kind of value";

    /// <summary>The switches of the tests; and what Kubernetes sets in a pod beside a Service that is called switchyard.</summary>
    [GeneratedRegex("^(TEST_.*|SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_.*)?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfOthers();
}
