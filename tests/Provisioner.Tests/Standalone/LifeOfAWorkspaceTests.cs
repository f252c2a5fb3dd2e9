using System.Text;
using k8s;
using k8s.Models;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Provisioner.Tests.Running;
using Xunit;

namespace Workspaces.Provisioner.Tests.Standalone;

public sealed class LifeOfAWorkspaceTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private const string Ns = "workspaces";

    private readonly RecordingPublisher _broker = new();
    private readonly string _id = WorkspaceId.New();

    private Kubelet Kubelet => new(cluster.Client, _id);

    [Fact]
    public async Task Request_OfAMinimalWorkspace_AppliesItsObjectsAndReportsItsInstance()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        var pod = await Kubelet.RunAsync();
        await ReadyAsync(1);

        Assert.Equal([typeof(WorkspaceProgressed), typeof(InstanceUp), typeof(WorkspaceReady)], Kinds());
        var up = _broker.Of(_id).OfType<InstanceUp>().Single();
        Assert.Equal((pod.Uid(), "10.42.0.7", 2222, "alice"), (up.Pod.Uid, up.Pod.Ip, up.SshPort, up.LoginUser));
        var secret = await cluster.Client.CoreV1.ReadNamespacedSecretAsync($"ws-{_id}", Ns, cancellationToken: TestContext.Current.CancellationToken);
        Assert.StartsWith("-----BEGIN OPENSSH PRIVATE KEY-----", Encoding.ASCII.GetString(secret.Data["ssh_host_ed25519_key"]), StringComparison.Ordinal);
        Assert.Equal(pod.GetAnnotation("workspaces.dev/host-key"), up.HostKey);
        Assert.Equal(["ConfigMap", "NetworkPolicy", "Secret", "Service", "ServiceAccount", "StatefulSet"], await KindsLeftAsync());
    }

    [Fact]
    public async Task Delete_OfARunningWorkspace_LeavesNothingAndSaysSoLast()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync();
        await ReadyAsync(1);
        await Kubelet.HoldAsync();
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await Eventually.TrueAsync(async () => await Kubelet.FindStatefulSetAsync() is null, "the StatefulSet to go");

        Assert.Empty(_broker.Of(_id).OfType<WorkspaceDeleted>()); // the pod is still there
        await Kubelet.EndAsync();
        await Kubelet.LetGoAsync();
        await PublishedAsync<WorkspaceDeleted>(2);

        Assert.Equal(
            [typeof(WorkspaceProgressed), typeof(InstanceUp), typeof(WorkspaceReady), typeof(InstanceDown), typeof(WorkspaceDeleted)], Kinds());
        Assert.Empty(await KindsLeftAsync());
        await Eventually.TrueAsync(async () => await worker.Records.GetAsync(_id, CancellationToken.None) is null, "the record to go");
    }

    [Fact]
    public async Task StopAndStart_KeepTheHostKeyAndMakeAnotherInstance()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync();
        await ReadyAsync(1);

        await worker.HandleAsync(Commands.Stop(_id, 2));
        await Eventually.TrueAsync(async () => (await Kubelet.StatefulSetAsync()).Spec.Replicas == 0, "replicas 0");
        await Kubelet.EndAsync();
        await PublishedAsync<WorkspaceStopped>(2);
        await worker.HandleAsync(Commands.Start(_id, 3));
        await Eventually.TrueAsync(async () => (await Kubelet.StatefulSetAsync()).Spec.Replicas == 1, "replicas 1");
        await Kubelet.RunAsync("crun://b");
        await ReadyAsync(3);

        var ups = _broker.Of(_id).OfType<InstanceUp>().ToArray();
        Assert.Equal(2, ups.DistinctBy(up => up.InstanceId).Count());
        Assert.Single(ups.DistinctBy(up => up.HostKey));
        Assert.Equal(InstanceDownReason.Terminating, Assert.Single(_broker.Of(_id).OfType<InstanceDown>()).Reason);
    }

    [Fact]
    public async Task Delete_OfAnUnknownWorkspace_IsAnsweredAndALateRequestForItIgnored()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await PublishedAsync<WorkspaceDeleted>(2);
        await Eventually.TrueAsync(async () => await worker.Records.GetAsync(_id, CancellationToken.None) is null, "the record to go");
        await worker.HandleAsync(Commands.Request(_id));

        Assert.Null(await worker.Records.GetAsync(_id, CancellationToken.None));
        Assert.Equal([typeof(WorkspaceDeleted)], Kinds());
    }

    [Fact]
    public async Task Request_ThatIsDeliveredTwice_ChangesNothing()
    {
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync();
        await ReadyAsync(1);
        var before = await Kubelet.StatefulSetAsync();
        await worker.HandleAsync(Commands.Request(_id));
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync(ready: false);
        await Kubelet.RunAsync(ready: true);

        Assert.Equal(before.ResourceVersion(), (await Kubelet.StatefulSetAsync()).ResourceVersion());
        Assert.Equal([typeof(WorkspaceProgressed), typeof(InstanceUp), typeof(WorkspaceReady)], Kinds());
    }

    [Fact]
    public async Task Delete_WithARetainedHome_KeepsItForTheNextWorkspaceOfThatName()
    {
        var blueprint = Commands.Minimal with
        {
            Storage = new Dictionary<string, BlueprintStorage>
            {
                ["home"] = new() { Type = BlueprintStorageType.Volume, Path = "/home/alice", Size = "1Gi", Retain = true },
                ["cache"] = new() { Type = BlueprintStorageType.Volume, Path = "/cache", Size = "1Gi" },
            },
        };
        var next = WorkspaceId.New();
        await using var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id, blueprint, name: "keeper"));
        await Kubelet.StatefulSetAsync();
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await Kubelet.EndAsync();
        await PublishedAsync<WorkspaceDeleted>(2);
        Assert.Equal(["PersistentVolumeClaim"], await KindsLeftAsync());

        await worker.HandleAsync(Commands.Request(next, blueprint, name: "keeper"));
        var set = await new Kubelet(cluster.Client, next).StatefulSetAsync();

        var claims = set.Spec.Template.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null)
            .ToDictionary(volume => volume.Name, volume => volume.PersistentVolumeClaim.ClaimName);
        Assert.Equal($"ws-{_id}-home", claims["storage-home"]);
        Assert.Equal($"ws-{next}-cache", claims["storage-cache"]);
    }

    private Type[] Kinds() => [.. _broker.Of(_id)
        .Where(each => each is not WorkspaceProgressed { Stage: not WorkspaceStage.Scheduling })
        .Select(each => each.GetType())];

    private Task ReadyAsync(long generation) => PublishedAsync<WorkspaceReady>(generation);

    private Task PublishedAsync<T>(long generation)
        where T : IWorkspaceScopedEvent =>
        Eventually.TrueAsync(() => _broker.Of(_id).OfType<T>().Any(each => each.Generation == generation), $"{typeof(T).Name} of generation {generation}");

    private async Task<string[]> KindsLeftAsync()
    {
        var selector = $"workspaces.dev/workspace={_id}";
        var core = cluster.Client.CoreV1;
        var left = new List<string>();
        left.AddRange((await core.ListNamespacedConfigMapAsync(Ns, labelSelector: selector)).Items.Select(_ => "ConfigMap"));
        left.AddRange((await cluster.Client.NetworkingV1.ListNamespacedNetworkPolicyAsync(Ns, labelSelector: selector)).Items.Select(_ => "NetworkPolicy"));
        left.AddRange((await core.ListNamespacedPersistentVolumeClaimAsync(Ns, labelSelector: selector)).Items.Select(_ => "PersistentVolumeClaim"));
        left.AddRange((await core.ListNamespacedSecretAsync(Ns, labelSelector: selector)).Items.Select(_ => "Secret"));
        left.AddRange((await core.ListNamespacedServiceAsync(Ns, labelSelector: selector)).Items.Select(_ => "Service"));
        left.AddRange((await core.ListNamespacedServiceAccountAsync(Ns, labelSelector: selector)).Items.Select(_ => "ServiceAccount"));
        left.AddRange((await cluster.Client.AppsV1.ListNamespacedStatefulSetAsync(Ns, labelSelector: selector)).Items.Select(_ => "StatefulSet"));
        return [.. left];
    }
}
