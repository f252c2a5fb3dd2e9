using Xunit;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>The cluster of the tests of faults: a node that is silent for five seconds counts as lost.</summary>
public sealed class FaultCluster : IAsyncLifetime
{
    internal NodeFixture Cluster { get; } = new() { NodeMonitorGracePeriod = TimeSpan.FromSeconds(5) };

    public ValueTask InitializeAsync() => TestCluster.IsLocal ? Cluster.InitializeAsync() : ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => TestCluster.IsLocal ? Cluster.DisposeAsync() : ValueTask.CompletedTask;
}
