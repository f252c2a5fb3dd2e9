using k8s;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Faults;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>A cluster of its own, because faults concern every pod of the node.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly NodeFixture _cluster = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private INodeFaults Faults => _cluster.Host.Services.GetRequiredService<INodeFaults>();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Evict_RunningPod_StaysFailedWithTheKubeletsWords()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("evicted", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "evicted");

        await Faults.EvictAsync(ns, "evicted", "The node was low on resource: memory. ");

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
        var error = await Assert.ThrowsAsync<ApiStatusException>(() => Faults.EvictAsync("default", "none", "why"));

        Assert.True(error.IsNotFound);
    }

    [Fact]
    public async Task LoseContainer_OfARunningPod_IsStartedAnew()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("loses", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "loses");

        await Faults.LoseContainerAsync(ns, "loses", "main");

        var pod = await _cluster.PodAsync(ns, "loses", found => found.Status.ContainerStatuses[0].RestartCount == 1 && IsReady(found));
        var last = pod.Status.ContainerStatuses[0].LastState.Terminated;
        Assert.Equal((137, "Error"), (last.ExitCode, last.Reason));
    }

    [Fact]
    public async Task FailPulls_Once_BacksOffAndThenStarts()
    {
        var ns = await _cluster.NewNamespaceAsync();
        Faults.FailPulls(Image, 1);
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
        Faults.FailPulls("tests/second", null);
        var failing = ShellPod("failing", "exec sleep 1000");
        failing.Spec.Containers[0].Image = "tests/second:1.0";
        await _cluster.CreateAsync(ns, failing);
        await _cluster.CreateAsync(ns, ShellPod("fine", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "fine");
        await _cluster.PodAsync(ns, "failing", found => found.Status?.ContainerStatuses?[0].State.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff");

        Faults.AllowPulls();

        await _cluster.ReadyPodAsync(ns, "failing");
    }

    [Fact]
    public async Task Freeze_Node_StartsAndEndsNothingUntilItThaws()
    {
        var ns = await _cluster.NewNamespaceAsync();
        await _cluster.CreateAsync(ns, ShellPod("before", "exec sleep 1000"));
        await _cluster.ReadyPodAsync(ns, "before");
        Faults.Freeze();

        await _cluster.CreateAsync(ns, ShellPod("during", "exec sleep 1000"));
        await _cluster.Client.CoreV1.DeleteNamespacedPodAsync("before", ns, cancellationToken: Ct);
        var scheduled = await _cluster.PodAsync(ns, "during", found => found.Spec.NodeName is not null);
        Assert.Null(scheduled.Status.StartTime);
        await Assert.ThrowsAsync<ApiStatusException>(() => _cluster.ExecAsync(ns, "before", "main", "true"));
        Assert.Contains((await _cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items, pod => pod.Metadata.Name == "before");

        Faults.Thaw();

        await _cluster.ReadyPodAsync(ns, "during");
        await _cluster.GoneAsync(ns, "before");
    }
}
