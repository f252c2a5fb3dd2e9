namespace Workspaces.LocalCluster.Tests;

/// <summary>Base of tests of what only LocalCluster has, such as faults, images, the state folder: they are skipped where the cluster to test is another one.</summary>
public abstract class OwnTests
{
    /// <param name="subject">What no other cluster has, for the reason of the skip.</param>
    protected OwnTests(string subject) => TestCluster.IsLocalClusterOrSkip(subject);
}
