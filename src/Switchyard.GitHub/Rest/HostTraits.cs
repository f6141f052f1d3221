namespace Switchyard.GitHub.Rest;

/// <summary>What a host was found to be like while it was called; forgotten with the connection.</summary>
internal sealed class HostTraits
{
    private volatile bool refusesRunDetails;

    /// <summary>It refuses <c>return_run_details</c> (GitHub Enterprise Server up to 3.20, with 400).</summary>
    public bool RefusesRunDetails
    {
        get => refusesRunDetails;
        set => refusesRunDetails = value;
    }
}
