using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>The counters that say whether an installation's repositories must be listed again.</summary>
internal static class InstallationListing
{
    /// <summary>Asks for a listing in the caller's transaction; gives the row's id, or null where the installation is not known (yet).</summary>
    public static Task<long?> WantAsync(DbSession session, long providerId, long githubId) =>
        session.FirstAsync<long?>(
            "update installations set wanted_listing = wanted_listing + 1 where provider_id = @providerId and github_id = @githubId returning id",
            new { providerId, githubId });
}
