using Workspaces.LocalCluster.Tests.Api;
using Workspaces.Support.Ssh;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>Stock <c>kubectl</c> on Deployments: rollout, scale, set image, delete. Pods are made ready in the background, as a node would.</summary>
public sealed class RolloutCommandTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Rollout_StatusHistoryAndUndo_TellAndTakeBack()
    {
        await using var node = await BusyAsync(2);
        Assert.Equal("deployment \"web\" successfully rolled out", Last(await KubectlAsync(node.Kit, "rollout", "status", "deployment/web")));

        await KubectlAsync(node.Kit, "set", "image", "deployment/web", "main=tests/other");
        Assert.Equal("deployment \"web\" successfully rolled out", Last(await KubectlAsync(node.Kit, "rollout", "status", "deployment/web")));
        Assert.Equal(["REVISION  CHANGE-CAUSE", "1         <none>", "2         <none>"], Lines(await KubectlAsync(node.Kit, "rollout", "history", "deployment/web"))[1..]);
        Assert.Contains("tests/other", await KubectlAsync(node.Kit, "rollout", "history", "deployment/web", "--revision=2"), StringComparison.Ordinal);

        Assert.Equal("deployment.apps/web rolled back", Last(await KubectlAsync(node.Kit, "rollout", "undo", "deployment/web")));
        await KubectlAsync(node.Kit, "rollout", "status", "deployment/web");
        Assert.Equal(["2         <none>", "3         <none>"], Lines(await KubectlAsync(node.Kit, "rollout", "history", "deployment/web"))[2..]);
        Assert.All(await node.Kit.PodsAsync(2), pod => Assert.Equal("tests/host", pod.Spec.Containers[0].Image));

        await KubectlAsync(node.Kit, "rollout", "undo", "deployment/web", "--to-revision=2");
        await KubectlAsync(node.Kit, "rollout", "status", "deployment/web");
        Assert.All(await node.Kit.PodsAsync(2), pod => Assert.Equal("tests/other", pod.Spec.Containers[0].Image));
    }

    [Fact]
    public async Task Rollout_RestartPauseResume_DoWhatTheySay()
    {
        await using var node = await BusyAsync(1);
        var first = (await node.Kit.PodsAsync(1))[0].Metadata.Uid;

        Assert.Equal("deployment.apps/web restarted", Last(await KubectlAsync(node.Kit, "rollout", "restart", "deployment/web")));
        await KubectlAsync(node.Kit, "rollout", "status", "deployment/web");
        var second = (await node.Kit.PodsAsync(1))[0];
        Assert.NotEqual(first, second.Metadata.Uid);
        Assert.Contains("kubectl.kubernetes.io/restartedAt", second.Metadata.Annotations.Keys);

        Assert.Equal("deployment.apps/web paused", Last(await KubectlAsync(node.Kit, "rollout", "pause", "deployment/web")));
        await KubectlAsync(node.Kit, "set", "env", "deployment/web", "A=1");
        await node.Kit.DeploymentAsync("web", found => found.Status.ObservedGeneration == found.Metadata.Generation);
        Assert.Equal(second.Metadata.Uid, (await node.Kit.PodsAsync(1))[0].Metadata.Uid);

        Assert.Equal("deployment.apps/web resumed", Last(await KubectlAsync(node.Kit, "rollout", "resume", "deployment/web")));
        await KubectlAsync(node.Kit, "rollout", "status", "deployment/web");
        Assert.Equal("A", (await node.Kit.PodsAsync(1))[0].Spec.Containers[0].Env.Single().Name);
    }

    [Fact]
    public async Task Scale_AndGet_PrintTheColumnsOfARealServer()
    {
        await using var node = await BusyAsync(1);
        Assert.Equal("deployment.apps/web scaled", Last(await KubectlAsync(node.Kit, "scale", "deployment/web", "--replicas=3", "--current-replicas=1")));
        await KubectlAsync(node.Kit, "rollout", "status", "deployment/web");

        Assert.Equal("NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR", Head(await KubectlAsync(node.Kit, "get", "deployments", "-o", "wide")));
        Assert.Matches("^web 3/3 3 3 [0-9]+s$", Row(await KubectlAsync(node.Kit, "get", "deployments")));
        Assert.Equal("NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR", Head(await KubectlAsync(node.Kit, "get", "replicasets", "-o", "wide")));
        Assert.Matches("^web-[a-z0-9]+ 3 3 3 [0-9]+s$", Row(await KubectlAsync(node.Kit, "get", "replicasets")));
    }

    [Fact]
    public async Task Delete_CascadeOrphan_LeavesReplicaSetAndPods()
    {
        await using var node = await BusyAsync(1);

        Assert.Matches("^deployment.apps \"web\" deleted", await KubectlAsync(node.Kit, "delete", "deployment", "web", "--cascade=orphan"));

        var set = Assert.Single(await node.Kit.ReplicaSetsAsync());
        Assert.True(set.Metadata.OwnerReferences is null or []);
        Assert.Single(await node.Kit.PodsAsync());

        await KubectlAsync(node.Kit, "delete", "replicaset", set.Metadata.Name, "--cascade=foreground");
        Assert.Empty(await node.Kit.PodsAsync());
    }

    private async Task<BusyNode> BusyAsync(int replicas)
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", replicas));
        await kit.RolledOutAsync("web");
        return new BusyNode(kit);
    }

    private async Task<string> KubectlAsync(WorkloadKit kit, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync("kubectl", ["--kubeconfig", cluster.KubeconfigFile, "--namespace", kit.Namespace, .. arguments]);
        Assert.True(run.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {run.Error}");
        return run.Output;
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Last(string output) => Lines(output)[^1];

    private static string Head(string output) => Words(Lines(output)[0]);

    private static string Row(string output) => Words(Lines(output)[1]);

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Makes every new pod ready until disposed.</summary>
    private sealed class BusyNode : IAsyncDisposable
    {
        private readonly PeriodicTimer _ticks = new(TimeSpan.FromMilliseconds(20));
        private readonly Task _work;

        public BusyNode(WorkloadKit kit)
        {
            Kit = kit;
            _work = WorkAsync();
        }

        public WorkloadKit Kit { get; }

        public async ValueTask DisposeAsync()
        {
            _ticks.Dispose();
            await _work;
        }

        private async Task WorkAsync()
        {
            while (await _ticks.WaitForNextTickAsync())
            {
                await Kit.ReadyPendingAsync();
            }
        }
    }
}
