using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>Tests that read the demo: one process and one browser for all of them.</summary>
[CollectionDefinition(nameof(DemoBrowser))]
public sealed class DemoBrowser : ICollectionFixture<Chromium>, ICollectionFixture<DemoSite>;
