using k8s;
using Workspaces.Contracts;
using Workspaces.Injector.Tests.Running;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

/// <summary>What goes wrong: in the workspace, in the service, in the Injector.</summary>
public sealed class FailureAndCrashTests(ClusterFixture cluster)
{
    private readonly RecordingPublisher _broker = new();
    private readonly string _id = WorkspaceId.New();
    private bool _replaced;

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Image_ThatCannotBePulled_IsTakenBackAndTheServiceIsAsBefore(string kind)
    {
        var demo = await Demo.CreateAsync(cluster, kind, replicas: 2);
        var before = await demo.SpecAsync();
        await using var worker = Worker.Start(cluster, _broker);

        await worker.HandleAsync(Commands.Request(_id, demo.Target(), Commands.Minimal with { Image = "nowhere/nothing:1" }));

        var failed = await _broker.UntilAsync<WorkspaceFailed>(_id);
        Assert.Equal(FailureReason.ImagePull, failed.Reason);
        Assert.Contains("nowhere/nothing:1", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, await demo.SpecAsync());
        await demo.RolledOutAsync();
        Assert.Empty(await demo.LeftOfAsync(_id));
        Assert.Empty(_broker.Read<InstanceUp>(_id));
    }

    [Fact]
    public async Task Service_ThatCrashes_CanBeEntered()
    {
        var demo = await Demo.CreateAsync(
            cluster, "Deployment", replicas: 2,
            manifest => manifest["spec"]!["template"]!["spec"]!["containers"]![0]!["command"] = new System.Text.Json.Nodes.JsonArray { "sh", "-c", "exit 1" }, waits: false);
        await Eventually.TrueAsync(async () => (await demo.PodsAsync()).Any(pod => pod.Status.ContainerStatuses?.Any(status => status.RestartCount > 0) == true), "a crash");
        await using var worker = Worker.Start(cluster, _broker);

        await worker.HandleAsync(Commands.Request(_id, demo.Target()));

        var ready = await _broker.UntilAsync<WorkspaceReady>(_id);
        Assert.InRange(ready.ReplicasReady, 1, 2);
        Assert.Contains("were ready before", ready.Message, StringComparison.Ordinal);
        var up = _broker.Up(_id)[0];
        Assert.Equal("10001", (await demo.SshAsync(_id, up.Pod.Ip, up.SshPort, up.LoginUser!, "id -u")).Output.Trim());
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await _broker.UntilAsync<WorkspaceDeleted>(_id, 2);
        Assert.Empty(await demo.LeftOfAsync(_id));
    }

    [Fact]
    public async Task Pod_ThatMerelyClaimsToBeAnInstance_IsNone()
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 1);
        await using var worker = Worker.Start(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id, demo.Target()));
        await _broker.UntilAsync<WorkspaceReady>(_id);
        var real = (await demo.PodsAsync()).Single(pod => pod.Metadata.DeletionTimestamp is null);
        real.Metadata = new k8s.Models.V1ObjectMeta { Name = "claims", Labels = real.Metadata.Labels, Annotations = real.Metadata.Annotations };
        real.Metadata.Labels.Remove("pod-template-hash");
        real.Metadata.Labels.Remove("app");
        real.Spec.NodeName = null;
        real.Status = null;

        await cluster.Client.CoreV1.CreateNamespacedPodAsync(real, demo.Namespace, cancellationToken: TestContext.Current.CancellationToken);
        await demo.KubectlAsync("wait", "pod/claims", "--for=condition=Ready", "--timeout=50s");
        await demo.KubectlAsync("scale", $"deployment/{demo.Name}", "--replicas=2");
        await Eventually.TrueAsync(() => _broker.Up(_id).Count == 2, "another real one");

        Assert.DoesNotContain(_broker.Read<InstanceUp>(_id), up => up.Pod.Name == "claims");
    }

    /// <summary>The Injector goes at any event, with or without the broker having got it; the next goes on from the record.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task Worker_CutOffAtAnyEvent_IsPickedUpByTheNext(int nth, bool brokerHasIt)
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 1);
        var before = await demo.SpecAsync();
        var cutOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = 0;
        _broker.Deliver = _ =>
        {
            if (Interlocked.Increment(ref attempts) < nth)
            {
                return Delivery.Confirmed;
            }

            cutOff.TrySetResult();
            return brokerHasIt && attempts == nth ? Delivery.Unconfirmed : Delivery.Refused;
        };
        var worker = Worker.Start(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id, demo.Target()));
        worker = await ReplaceWhereCutOffAsync(worker, cutOff.Task, () => _broker.Read<WorkspaceReady>(_id).Count > 0);
        await _broker.UntilAsync<WorkspaceReady>(_id);
        await worker.HandleAsync(Commands.Delete(_id, 2));
        worker = await ReplaceWhereCutOffAsync(worker, cutOff.Task, () => _broker.Read<WorkspaceDeleted>(_id).Count > 0);
        await _broker.UntilAsync<WorkspaceDeleted>(_id, 2);

        Assert.True(cutOff.Task.IsCompleted);
        Assert.Equal(
            [typeof(WorkspaceProgressed), typeof(InstanceUp), typeof(WorkspaceReady), typeof(InstanceDown), typeof(WorkspaceDeleted)],
            _broker.Of(_id).Select(each => each.GetType()));
        Assert.Equal(before, await demo.SpecAsync());
        await worker.DisposeAsync();
    }

    private async Task<Worker> ReplaceWhereCutOffAsync(Worker worker, Task cutOff, Func<bool> done)
    {
        await Eventually.TrueAsync(() => cutOff.IsCompleted || done(), "the event");
        if (!cutOff.IsCompleted || _replaced)
        {
            return worker;
        }

        _replaced = true;
        await worker.DisposeAsync();
        _broker.Deliver = _ => Delivery.Confirmed;
        return Worker.Start(cluster, _broker);
    }
}
