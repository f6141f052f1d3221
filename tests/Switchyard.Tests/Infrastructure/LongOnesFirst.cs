using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Switchyard.Tests.Infrastructure.LongOnesFirst))]

namespace Switchyard.Tests.Infrastructure;

/// <summary>What takes longest and waits most begins first, so that it is not what all else waits for at the end.</summary>
public sealed class LongOnesFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["DemoBrowser", "Browser.", "ResumeTests", "ModelSignalTests", "ReadPermissionWalkTests"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var at and >= 0 ? at : Long.Length)];
}
