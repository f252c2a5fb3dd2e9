using System.Text.Json.Nodes;
using Workspaces.Contracts;
using Workspaces.Injector.Tests.Running;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

/// <summary>Several workspaces in one workload, and an owner who goes on working.</summary>
public sealed class SharedTargetTests(ClusterFixture cluster)
{
    private readonly RecordingPublisher _broker = new();

    [Theory]
    [InlineData("Deployment", true)]
    [InlineData("StatefulSet", false)]
    public async Task Workspaces_OfTwoPeople_ComeAndGoInAnyOrder(string kind, bool firstGoesFirst)
    {
        var demo = await Demo.CreateAsync(cluster, kind, replicas: 1);
        var before = await demo.SpecAsync();
        await using var worker = Worker.Start(cluster, _broker);
        var (one, two) = (WorkspaceId.New(), WorkspaceId.New());

        // Asked for at once: each gets a port of its own.
        await worker.HandleAsync(Commands.Request(one, demo.Target()));
        await worker.HandleAsync(Commands.Request(two, demo.Target(), Commands.Debug));
        await _broker.UntilAsync<WorkspaceReady>(one);
        await _broker.UntilAsync<WorkspaceReady>(two);
        await Eventually.TrueAsync(() => _broker.Up(one).Count == 1 && _broker.Up(two).Count == 1, "both up");
        Assert.NotEqual(_broker.Up(one)[0].SshPort, _broker.Up(two)[0].SshPort);
        foreach (var (id, uid) in new[] { (one, "10001"), (two, "0") })
        {
            await Eventually.TrueAsync(async () =>
            {
                var up = _broker.Up(id);
                return up.Count == 1 && (await demo.SshAsync(id, up[0].Pod.Ip, up[0].SshPort, up[0].LoginUser!, "id -u")).Output.Trim() == uid;
            }, $"a shell as uid {uid}");
        }

        // The owner applies and scales between.
        var (first, second) = firstGoesFirst ? (one, two) : (two, one);
        await demo.KubectlAsync("scale", $"{kind}/{demo.Name}", "--replicas=2");
        await worker.HandleAsync(Commands.Delete(first, 2));
        await _broker.UntilAsync<WorkspaceDeleted>(first, 2);
        Assert.Empty(await demo.LeftOfAsync(first));
        await demo.ApplyAsync();
        await Eventually.TrueAsync(() => _broker.Up(second).Count == 1, "the other in the one replica that is left");
        await worker.HandleAsync(Commands.Delete(second, 2));
        await _broker.UntilAsync<WorkspaceDeleted>(second, 2);

        Assert.Equal(before, await demo.SpecAsync());
        Assert.Empty(await demo.LeftOfAsync(second));
    }

    [Fact]
    public async Task Workload_ThatIsScaled_HasAnInstanceInEachReplica()
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 2);
        await using var worker = Worker.Start(cluster, _broker);
        var id = WorkspaceId.New();
        await worker.HandleAsync(Commands.Request(id, demo.Target()));
        await _broker.UntilAsync<WorkspaceReady>(id);

        await demo.KubectlAsync("scale", $"deployment/{demo.Name}", "--replicas=4");
        await Eventually.TrueAsync(() => _broker.Up(id).Count == 4, "four up");
        await demo.KubectlAsync("scale", $"deployment/{demo.Name}", "--replicas=1");
        await Eventually.TrueAsync(() => _broker.Up(id).Count == 1, "one up");

        Assert.All(_broker.Read<InstanceDown>(id), down => Assert.Equal(InstanceDownReason.Terminating, down.Reason));
        Assert.Equal(3, _broker.Read<InstanceDown>(id).Count);
        Assert.Equal(4, _broker.Read<InstanceUp>(id).Count);
    }

    [Fact]
    public async Task Owner_WhoRollsBackToAnInjectedRevision_DoesNotKeepTheWorkspace()
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 1);
        await using var worker = Worker.Start(cluster, _broker);
        var id = WorkspaceId.New();
        await worker.HandleAsync(Commands.Request(id, demo.Target()));
        await _broker.UntilAsync<WorkspaceReady>(id);
        var injected = await demo.ReadAsync();

        // Undo, and back: kubectl owns the fields now as well.
        await demo.KubectlAsync("rollout", "undo", $"deployment/{demo.Name}");
        await Eventually.TrueAsync(() => _broker.Read<WorkspaceFailed>(id).Count == 1, "the removal to be noticed");
        Assert.Equal(FailureReason.Conflict, _broker.Read<WorkspaceFailed>(id)[0].Reason);
        Assert.Contains("Somebody took the workspace out", _broker.Read<WorkspaceFailed>(id)[0].Message, StringComparison.Ordinal);

        // Somebody puts the old template back by hand, when no record knows it any more.
        await worker.HandleAsync(Commands.Delete(id, 2));
        await _broker.UntilAsync<WorkspaceDeleted>(id, 2);
        Assert.Empty(await demo.LeftOfAsync(id));
        var clean = await demo.SpecAsync();
        var patch = new JsonObject { ["spec"] = new JsonObject { ["template"] = injected["spec"]!["template"]!.DeepClone() } };
        await demo.KubectlAsync("patch", "deployment", demo.Name, "--type=merge", "-p", patch.ToJsonString());
        await Eventually.TrueAsync(async () => !(await demo.SpecAsync()).Contains($"workspace-{id}", StringComparison.Ordinal), "the orphan to go");

        Assert.DoesNotContain(id, await demo.SpecAsync(), StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(clean)!["template"]!["spec"]!["containers"]!.ToJsonString(), JsonNode.Parse(await demo.SpecAsync())!["template"]!["spec"]!["containers"]!.ToJsonString());
        Assert.Single(_broker.Read<InstanceUp>(id));
    }

    [Fact]
    public async Task Target_DeletedAndMadeAnew_IsNotEnteredAgain()
    {
        var demo = await Demo.CreateAsync(cluster, "StatefulSet", replicas: 1);
        await using var worker = Worker.Start(cluster, _broker);
        var id = WorkspaceId.New();
        await worker.HandleAsync(Commands.Request(id, demo.Target()));
        await _broker.UntilAsync<WorkspaceReady>(id);

        await demo.KubectlAsync("delete", "statefulset", demo.Name);
        await demo.ApplyAsync();

        var failed = await _broker.UntilAsync<WorkspaceFailed>(id);
        Assert.Equal(FailureReason.TargetNotFound, failed.Reason);
        await demo.RolledOutAsync();
        Assert.DoesNotContain(id, await demo.SpecAsync(), StringComparison.Ordinal);
        Assert.Empty(_broker.Up(id));
    }
}
