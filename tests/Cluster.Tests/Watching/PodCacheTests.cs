using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Watching;
using Xunit;

namespace Workspaces.Cluster.Tests.Watching;

public sealed class PodCacheTests
{
    private readonly PodCache _cache = new(PodScope.Standalone(Pods.Ns).WorkspacesOf);

    [Fact]
    public void Delete_KeepsThePodUntilItWasDealtWith()
    {
        _cache.Set(Pods.Running());
        _cache.Delete(Pods.Deleting(Pods.Running()));

        var seen = Assert.Single(_cache.Of("k7f3q2m"));
        Assert.Equal(PodPresence.Deleted, seen.Presence);
        _cache.Forget([seen]);
        Assert.Empty(_cache.Of("k7f3q2m"));
    }

    [Fact]
    public void Forget_PodThatWentSinceItWasRead_KeepsIt()
    {
        _cache.Set(Pods.Running());
        var read = _cache.Of("k7f3q2m");
        _cache.Delete(Pods.Running());
        _cache.Forget(read);

        Assert.Equal(PodPresence.Deleted, Assert.Single(_cache.Of("k7f3q2m")).Presence);
    }

    [Fact]
    public void Replace_WithoutAPod_MarksItMissingAndNamesItsWorkspace()
    {
        _cache.Set(Pods.Running());

        Assert.Equal(["k7f3q2m"], _cache.Replace([]));
        Assert.Equal(PodPresence.Missing, Assert.Single(_cache.Of("k7f3q2m")).Presence);
    }

    [Fact]
    public void Set_WithOtherLabels_ConcernsOldAndNewWorkspace()
    {
        _cache.Set(Pods.Running());
        var relabelled = Pods.Running();
        relabelled.Metadata.Labels[WorkspaceLabels.Workspace] = "another";

        Assert.Equal(["another", "k7f3q2m"], _cache.Set(relabelled).Order());
        Assert.Empty(_cache.Of("k7f3q2m"));
        Assert.Single(_cache.Of("another"));
    }

    [Fact]
    public void Injected_PodWithSeveralWorkspaces_BelongsToEach()
    {
        var cache = new PodCache(PodScope.Injected().WorkspacesOf);
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "payments-1",
                Uid = "u",
                Labels = new Dictionary<string, string> { [WorkspaceLabels.InstanceKey("aa")] = "true", [WorkspaceLabels.InstanceKey("bb")] = "true" },
            },
        };

        Assert.Equal(["aa", "bb"], cache.Set(pod).Order());
    }
}
