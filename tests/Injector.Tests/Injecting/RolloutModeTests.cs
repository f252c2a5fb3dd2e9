using k8s.Models;
using Workspaces.Contracts;
using Workspaces.Injector.Tests.Running;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

/// <summary>Into a running service and out again, with real pods and stock ssh.</summary>
public sealed class RolloutModeTests(ClusterFixture cluster)
{
    private readonly RecordingPublisher _broker = new();
    private readonly string _id = WorkspaceId.New();

    [Theory]
    [InlineData("Deployment", 3)]
    [InlineData("StatefulSet", 3)]
    [InlineData("DaemonSet", 1)]
    public async Task Workspace_InAService_IsInEachReplicaBesideItAndLeavesNothing(string kind, int replicas)
    {
        var demo = await Demo.CreateAsync(cluster, kind, replicas);
        var before = await demo.SpecAsync();
        await using var worker = Worker.Start(cluster, _broker);

        await worker.HandleAsync(Commands.Request(_id, demo.Target()));
        var ready = await _broker.UntilAsync<WorkspaceReady>(_id);

        // One instance in each replica, each named as people name it.
        Assert.Equal((replicas, replicas), (ready.ReplicasReady, ready.ReplicasWanted));
        var up = _broker.Up(_id);
        var pods = (await demo.PodsAsync()).Where(pod => pod.Metadata.DeletionTimestamp is null);
        Assert.Equal(pods.Select(pod => pod.Name()).Order(), up.Select(each => each.Pod.Name).Order());
        Assert.All(up, each => Assert.Equal(each.Pod.Name[(each.Pod.Name.LastIndexOf('-') + 1)..], each.Replica));
        Assert.All(up, each => Assert.Equal((kind, demo.Name), (each.Workload.Kind, each.Workload.Name)));
        Assert.All(up, each => Assert.NotEmpty(each.Pod.Node));
        if (kind == "StatefulSet")
        {
            Assert.Equal(["0", "1", "2"], up.Select(each => each.Replica).Order());
        }

        foreach (var each in up)
        {
            await SeesTheServiceAsync(demo, each);
        }

        // Taken out: the same spec, byte for byte, and nothing beside it.
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await _broker.UntilAsync<WorkspaceDeleted>(_id, 2);
        Assert.Equal(before, await demo.SpecAsync());
        Assert.Empty(await demo.LeftOfAsync(_id));
        Assert.DoesNotContain("workspaces", (await demo.ReadAsync())["metadata"]!.ToJsonString(), StringComparison.Ordinal);
        await demo.RolledOutAsync();
        Assert.Equal(up.Select(each => each.InstanceId).Order(), _broker.Read<InstanceDown>(_id).Select(each => each.InstanceId).Order());
        Assert.All(_broker.Read<InstanceDown>(_id), each => Assert.Equal(InstanceDownReason.Ejected, each.Reason));
        await Eventually.TrueAsync(async () => await worker.Records.GetAsync(_id, CancellationToken.None) is null, "the record to go");
    }

    private async Task SeesTheServiceAsync(Demo demo, InstanceUp instance)
    {
        async Task<string> RunAsync(string command)
        {
            var run = await demo.SshAsync(_id, instance.Pod.Ip, instance.SshPort, instance.LoginUser!, command);
            Assert.True(run.ExitCode == 0, $"{command}: {run}");
            return run.Output.Trim();
        }

        Assert.Equal("10001", await RunAsync("id -u"));
        Assert.Equal(instance.Pod.Name, await RunAsync("hostname"));
        Assert.Contains("perl /srv/server.pl", await RunAsync("ps -eo args"), StringComparison.Ordinal);
        var pid = await RunAsync("pgrep -f '^perl /srv/server.pl'");
        Assert.Contains($"demo {instance.Pod.Name}, process {pid}, reloaded 0 times", await RunAsync("curl -sS localhost:8080"), StringComparison.Ordinal);
        Assert.Contains("demo service", await RunAsync($"cat /proc/{pid}/root/srv/server.pl"), StringComparison.Ordinal);
        Assert.Contains("HOSTNAME=", await RunAsync($"tr '\\0' '\\n' < /proc/{pid}/environ"), StringComparison.Ordinal);
        await RunAsync($"kill -USR1 {pid}");
        Assert.Contains("reloaded 1 times", await RunAsync("curl -sS localhost:8080"), StringComparison.Ordinal);
    }
}
