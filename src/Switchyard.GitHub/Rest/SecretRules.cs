namespace Switchyard.GitHub.Rest;

/// <summary>What GitHub demands of a secret (docs: using secrets in GitHub Actions), checked before anything is sent.</summary>
internal static class SecretRules
{
    private const int Largest = 48 * 1024;

    /// <exception cref="ArgumentException">It cannot be written; the message says why and never holds the value.</exception>
    public static void Check(SecretPlace place, string name, byte[] value, SecretVisibility? visibility)
    {
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') || char.IsAsciiDigit(name[0]) || name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"\"{name}\" cannot be the name of a secret: letters, digits and underscores, no digit at the beginning, and not GITHUB_.", nameof(name));
        }

        if (value.Length is 0 or > Largest)
        {
            throw new ArgumentException($"The value of {name} has {value.Length} bytes; GitHub takes 1 to {Largest}.", nameof(value));
        }

        if (place.IsOrganization != visibility is not null)
        {
            throw new ArgumentException(place.IsOrganization ? "A secret of an organization needs a visibility." : "Only a secret of an organization has a visibility.", nameof(visibility));
        }
    }
}
