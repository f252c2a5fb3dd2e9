using System.Net;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Workspaces.Support.Faults;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>On a cluster of their own, because faults concern every pod of the node. Its node counts as lost after some seconds.</summary>
public sealed class FaultTests(FaultCluster fixture) : OwnTests("faults"), IClassFixture<FaultCluster>
{
    private readonly NodeFixture _cluster = fixture.Cluster;
    private readonly ClusterFaults _faults = TestCluster.IsLocal ? ClusterFaults.Of(fixture.Cluster.Host.KubeconfigFile) : null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evict_RunningPod_StaysFailedWithTheKubeletsWords()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("evicted", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "evicted");

        await _faults.EvictAsync(ns, "evicted", "The node was low on resource: memory. ");

        var pod = await _cluster.Client.CoreV1.ReadNamespacedPodAsync("evicted", ns, cancellationToken: Ct);
        Assert.Equal(("Failed", "Evicted", "The node was low on resource: memory. "), (pod.Status.Phase, pod.Status.Reason, pod.Status.Message));
        var disruption = pod.Status.Conditions.Single(condition => condition.Type == "DisruptionTarget");
        Assert.Equal(("True", "TerminationByKubelet"), (disruption.Status, disruption.Reason));
        Assert.NotNull(pod.Status.ContainerStatuses[0].State.Terminated);
        Assert.Contains(await _cluster.EventsAsync(ns), known => known is { Type: "Warning", Reason: "Evicted" });
    }

    [Fact]
    public async Task Evict_NoSuchPod_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => _faults.EvictAsync("default", "none", "why"));

        Assert.Equal((HttpStatusCode.NotFound, "pods \"none\" not found"), (error.StatusCode, error.Message));
    }

    [Fact]
    public async Task LoseContainer_OfARunningPod_IsStartedAnew()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("loses", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "loses");

        await _faults.LoseContainerAsync(ns, "loses", "main");

        var pod = await _cluster.PodAsync(ns, "loses", found => found.Status.ContainerStatuses[0].RestartCount == 1 && IsReady(found));
        var last = pod.Status.ContainerStatuses[0].LastState.Terminated;
        Assert.Equal((137, "Error"), (last.ExitCode, last.Reason));
    }

    [Fact]
    public async Task FailPulls_Once_BacksOffAndThenStarts()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _faults.FailPullsAsync(Image, 1);
        await _cluster.CreateAsync(ns, ShellPod("pulls", "exec sleep 1000"));

        var waiting = await _cluster.PodAsync(ns, "pulls", found => found.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "ImagePullBackOff");
        Assert.Equal("Pending", waiting.Status.Phase);

        await _cluster.ReadyPodAsync(ns, "pulls");
    }

    [Fact]
    public async Task FailPulls_UntilAllowed_AffectsOnlyTheNamedImage()
    {
        await File.WriteAllTextAsync(Path.Combine(_cluster.ImagesFolder, "second.yaml"), "name: tests/second\nhost: true\n", Ct);
        var ns = await _cluster.NewNamespaceAsync();
        await _faults.FailPullsAsync("tests/second", null);
        var failing = ShellPod("failing", "exec sleep 1000");
        failing.Spec.Containers[0].Image = "tests/second:1.0";
        await _cluster.CreateAsync(ns, failing);
        await _cluster.CreateAsync(ns, ShellPod("fine", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "fine");
        await _cluster.PodAsync(ns, "failing", found => found.Status?.ContainerStatuses?[0].State.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff");

        await _faults.AllowPullsAsync();

        await _cluster.ReadyPodAsync(ns, "failing");
    }

    [Fact]
    public async Task Freeze_Node_StartsAndEndsNothingUntilItThaws()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("before", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "before");
        await _faults.FreezeNodeAsync();

        await _cluster.CreateAsync(ns, ShellPod("during", "exec sleep 1000"));
        await _cluster.Client.CoreV1.DeleteNamespacedPodAsync("before", ns, cancellationToken: Ct);
        var scheduled = await _cluster.PodAsync(ns, "during", found => found.Spec.NodeName is not null);
        Assert.Null(scheduled.Status.StartTime);
        await Assert.ThrowsAsync<ApiStatusException>(() => _cluster.Streams.ExecAsync(ns, "before", "main", new ExecRequest(["true"], false, true, true, false), Ct));
        Assert.Contains((await _cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items, pod => pod.Metadata.Name == "before");

        await _faults.ThawNodeAsync();

        await _cluster.ReadyPodAsync(ns, "during");
        await _cluster.GoneAsync(ns, "before");
    }

    [Fact]
    public async Task Freeze_LongerThanTheGracePeriod_NodeIsUnknownAndItsPodsLeaveIt()
    {
        var ns = await _cluster.NewNamespaceAsync();
        var leaves = ShellPod("leaves", "exec sleep 1000");
        leaves.Spec.Tolerations = [new V1Toleration { Key = "node.kubernetes.io/unreachable", OperatorProperty = "Exists", Effect = "NoExecute", TolerationSeconds = 1 }];
        await _cluster.CreateAsync(ns, leaves);
        await _cluster.CreateAsync(ns, ShellPod("stays", "exec sleep 1000"));
        var name = (await _cluster.ReadyPodAsync(ns, "leaves")).Spec.NodeName;
        await _cluster.ReadyPodAsync(ns, "stays");

        await _faults.FreezeNodeAsync();

        await EventuallyAsync(async () => (await _cluster.Client.CoreV1.ReadNodeAsync(name, cancellationToken: Ct)).Spec.Taints?.Count == 2);
        var node = await _cluster.Client.CoreV1.ReadNodeAsync(name, cancellationToken: Ct);
        var ready = node.Status.Conditions.Single(condition => condition.Type == "Ready");
        Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), (ready.Status, ready.Reason, ready.Message));
        Assert.All(node.Spec.Taints, taint => Assert.Equal("node.kubernetes.io/unreachable", taint.Key));
        var deleted = await _cluster.PodAsync(ns, "leaves", pod => pod.Metadata.DeletionTimestamp is not null);
        Assert.Equal("DeletionByTaintManager", deleted.Status.Conditions.Single(condition => condition.Type == "DisruptionTarget").Reason);
        var unready = await _cluster.PodAsync(ns, "stays", pod => !IsReady(pod));
        Assert.Null(unready.Metadata.DeletionTimestamp);

        await _faults.ThawNodeAsync();

        await _cluster.GoneAsync(ns, "leaves");
        await EventuallyAsync(async () => (await _cluster.Client.CoreV1.ReadNodeAsync(name, cancellationToken: Ct)).Spec.Taints is null or { Count: 0 });
        await _cluster.ReadyPodAsync(ns, "stays");
    }
}
