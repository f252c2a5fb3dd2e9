using Workspaces.Cluster.Records;
using Workspaces.Cluster.Tests.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Cluster.Tests.Watching;

public sealed class InstanceTrackerTests
{
    private static readonly DateTimeOffset Now = new(Pods.T0.AddMinutes(10));

    [Fact]
    public void Track_PodThatComesUp_IsOneInstanceUp()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running());

        var up = Assert.IsType<InstanceUp>(Assert.Single(record.Pending).Read());
        Assert.Equal(InstanceId.For("k7f3q2m", "pod-uid", "crun://a"), up.InstanceId);
        Assert.Equal(new PodReference("workspaces", "ws-k7f3q2m-0", "pod-uid", "10.42.0.7", "n1"), up.Pod);
        Assert.Equal(new WorkloadReference("StatefulSet", "ws-k7f3q2m", Pods.WorkloadUid), up.Workload);
        Assert.Equal("0", up.Replica);
        Assert.Equal(new DateTimeOffset(Pods.T0.AddSeconds(5)), up.OccurredAt);
    }

    [Fact]
    public void Track_ReadinessFlaps_PublishNothingMore()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running());
        foreach (var ready in new[] { false, true, false, true, true })
        {
            record = Track(record, Pods.Running(ready: ready));
        }

        Assert.Single(record.Pending);
    }

    [Fact]
    public void Track_SameStateAgain_IsTheSameRecord()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running());

        Assert.Same(record, Track(record, Pods.Running()));
    }

    [Fact]
    public void Track_RestartedContainer_IsDownOfTheOldAndUpOfTheNewRun()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running("crun://a"));
        record = Track(record, Pods.Running("crun://b", restarts: 1));

        Assert.Equal(["InstanceUp", "InstanceDown", "InstanceUp"], record.Pending.Select(pending => pending.Type));
        Assert.Equal("crun://b", Assert.Single(record.Instances).ContainerId);
    }

    [Fact]
    public void Track_OldStateSeenAgain_DoesNotBringARunBack()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running("crun://a"));
        record = Track(record, Pods.Running("crun://b", restarts: 1));
        record = Track(record, Pods.Running("crun://a"));

        // The new run is no longer shown and so counts as ended; the old one stays ended.
        Assert.Empty(record.Instances);
        Assert.Equal(2, record.Pending.Count(pending => pending.Type == "InstanceUp"));
        Assert.Equal(2, record.Pending.Select(pending => pending.Read()).OfType<InstanceDown>().DistinctBy(down => down.EventId).Count());
    }

    [Fact]
    public void Track_PodThatIsNotThereAtAll_IsVanished()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running());
        record = InstanceTracker.TrackDown(record, [], "workspace", Now);

        var down = Assert.IsType<InstanceDown>(record.Pending[^1].Read());
        Assert.Equal(InstanceDownReason.Vanished, down.Reason);
        Assert.Equal(Now, down.OccurredAt);
    }

    [Fact]
    public void Track_DeletedPodOfTheSameName_IsAnotherInstance()
    {
        var record = Track(RecordSamples.Applied(), Pods.Running());
        var next = Pods.Running("crun://c");
        next.Metadata.Uid = "pod-uid-2";
        record = InstanceTracker.TrackDown(record, [Pods.Seen(Pods.Deleting(Pods.Running())), Pods.Seen(next)], "workspace", Now);
        record = InstanceTracker.TrackUp(record, [Pods.Seen(next)], RecordSamples.Context(record));

        Assert.Equal(["InstanceUp", "InstanceDown", "InstanceUp"], record.Pending.Select(pending => pending.Type));
        Assert.Equal("pod-uid-2", Assert.Single(record.Instances).PodUid);
    }

    public static TheoryData<string> Impostors() => ["no owner", "other workload", "not the controller", "other namespace", "other host key"];

    /// <summary>Anyone who may make pods can copy labels and annotations.</summary>
    [Theory]
    [MemberData(nameof(Impostors))]
    public void Track_PodThatOnlyClaims_IsNoInstance(string impostor)
    {
        var pod = Pods.Running();
        switch (impostor)
        {
            case "no owner":
                pod.Metadata.OwnerReferences = null;
                break;
            case "other workload":
                pod.Metadata.OwnerReferences[0].Uid = "somebody-elses";
                break;
            case "not the controller":
                pod.Metadata.OwnerReferences[0].Controller = false;
                break;
            case "other namespace":
                pod.Metadata.NamespaceProperty = "default";
                break;
            default:
                pod.Metadata.Annotations["workspaces.dev/host-key"] = "ssh-ed25519 AAAAother";
                break;
        }

        Assert.Empty(Track(RecordSamples.Applied(), pod).Pending);
    }

    [Fact]
    public void Events_OfOneRecord_AreNeverDatedBackwards()
    {
        var record = RecordSamples.Applied() with { LastEventAt = Now.AddHours(1) };

        Assert.Equal(Now.AddHours(1), Track(record, Pods.Running()).Pending[0].Read().OccurredAt);
    }

    private static WorkspaceRecord Track(WorkspaceRecord record, k8s.Models.V1Pod pod)
    {
        SeenPod[] seen = [Pods.Seen(pod)];
        return InstanceTracker.TrackUp(InstanceTracker.TrackDown(record, seen, "workspace", Now), seen, RecordSamples.Context(record));
    }
}
