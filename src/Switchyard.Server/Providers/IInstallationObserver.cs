namespace Switchyard.Server.Providers;

/// <summary>What must follow at once when an installation is new or another; a sweep finds what was missed.</summary>
internal interface IInstallationObserver
{
    /// <summary>Called after the commit that changed the row, or that wants its repositories listed.</summary>
    void Changed(long installationId);
}
