using k8s;
using k8s.Models;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Provisioner.Tests.Running;
using Xunit;

namespace Workspaces.Provisioner.Tests.Standalone;

public sealed class FailureTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private const string Ns = "workspaces";

    private readonly RecordingPublisher _broker = new();
    private readonly string _id = WorkspaceId.New();

    private Kubelet Kubelet => new(cluster.Client, _id);

    [Fact]
    public async Task Request_OfSomethingNotOffered_FailsAndAppliesNothing()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id, Commands.Minimal with { Podman = new BlueprintPodman { Enabled = true } }));

        var failed = await FailedAsync(1);

        Assert.Equal(FailureReason.Unsupported, failed.Reason);
        Assert.Contains("podman", failed.Message, StringComparison.Ordinal);
        Assert.Null(await Kubelet.FindStatefulSetAsync());
        Assert.Equal([typeof(WorkspaceFailed)], _broker.Of(_id).Select(each => each.GetType()));
    }

    [Fact]
    public async Task Image_ThatCannotBePulled_FailsInTheClustersWordsAndIsScaledDown()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.WaitAsync("ErrImagePull", "no such image: nowhere/nothing");
        await Kubelet.WaitAsync("ImagePullBackOff", "Back-off pulling image: no such image: nowhere/nothing");

        var failed = await FailedAsync(1);

        Assert.Equal(FailureReason.ImagePull, failed.Reason);
        Assert.Contains("no such image: nowhere/nothing", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await Kubelet.StatefulSetAsync()).Spec.Replicas);
    }

    [Fact]
    public async Task Image_ThatIsPulledAfterAllInTime_DoesNotFail()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker, troubleMayLast: "00:00:30");
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.WaitAsync("ErrImagePull", "registry away");
        await Eventually.TrueAsync(async () => (await worker.Records.GetAsync(_id, CancellationToken.None))?.Trouble is not null, "the trouble on record");
        await Kubelet.RunAsync();

        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceReady>().Any(), "ready");
        Assert.Null((await worker.Records.GetAsync(_id, CancellationToken.None))!.Trouble);
        Assert.Empty(_broker.Of(_id).OfType<WorkspaceFailed>());
    }

    [Fact]
    public async Task Start_ThatTakesTooLong_FailsWithWhatItWaitedFor()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker, startWithin: "00:00:02");
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync(ready: false);

        var failed = await FailedAsync(1);

        Assert.Equal(FailureReason.Timeout, failed.Reason);
        Assert.Contains("SSH server did not answer", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterAFailure_IsANewChance()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.WaitAsync("ErrImageNeverPull", "not present");
        await FailedAsync(1);
        await Kubelet.EndAsync();
        await worker.HandleAsync(Commands.Start(_id, 2));
        await Eventually.TrueAsync(async () => (await Kubelet.StatefulSetAsync()).Spec.Replicas == 1, "replicas 1");
        await Kubelet.RunAsync();

        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceReady>().Any(ready => ready.Generation == 2), "ready");
    }

    [Fact]
    public async Task Name_TakenBySomebodyElsesObject_FailsAndLeavesItAlone()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        var theirs = new V1Service
        {
            Metadata = new V1ObjectMeta { Name = $"ws-{_id}" },
            Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "theirs" }, Ports = [new V1ServicePort { Port = 80 }] },
        };
        var made = await cluster.Client.CoreV1.CreateNamespacedServiceAsync(theirs, Ns, cancellationToken: TestContext.Current.CancellationToken);
        await worker.HandleAsync(Commands.Request(_id));

        var failed = await FailedAsync(1);

        Assert.Contains(failed.Reason, new[] { FailureReason.Conflict, FailureReason.Refused });
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceDeleted>().Any(), "deleted");
        var after = await cluster.Client.CoreV1.ReadNamespacedServiceAsync($"ws-{_id}", Ns, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((made.Uid(), "theirs"), (after.Uid(), after.Spec.Selector["app"]));
    }

    [Fact]
    public async Task Blueprint_TooLargeForARecord_FailsAndSaysWhatToDo()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id, Commands.Minimal with
        {
            Files = new Dictionary<string, BlueprintFile> { ["/big"] = new() { Content = new string('x', 950 * 1024) } },
        }));

        var failed = await FailedAsync(1);

        Assert.Equal(FailureReason.Unsupported, failed.Reason);
        Assert.Contains("smaller", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatefulSet_ThatSomebodyDeleted_IsMadeAgain()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync();
        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceReady>().Any(), "ready");
        var first = await Kubelet.StatefulSetAsync();
        await cluster.Client.AppsV1.DeleteNamespacedStatefulSetAsync(first.Name(), Ns, cancellationToken: TestContext.Current.CancellationToken);
        await Kubelet.EndAsync();

        await Eventually.TrueAsync(async () => await Kubelet.FindStatefulSetAsync() is { } again && again.Uid() != first.Uid(), "another StatefulSet");
        await Kubelet.RunAsync("crun://b");
        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<InstanceUp>().Count() == 2, "another instance");
        Assert.Single(_broker.Of(_id).OfType<WorkspaceReady>());
    }

    private async Task<WorkspaceFailed> FailedAsync(long generation)
    {
        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceFailed>().Any(each => each.Generation == generation), "WorkspaceFailed");
        return _broker.Of(_id).OfType<WorkspaceFailed>().Single(each => each.Generation == generation);
    }
}
