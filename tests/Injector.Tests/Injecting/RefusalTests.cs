using System.Text.Json.Nodes;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Injector.Tests.Running;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

/// <summary>Every refusal comes before anything is written, with its reason, and leaves the workload as it was.</summary>
public sealed class RefusalTests(ClusterFixture cluster)
{
    private readonly RecordingPublisher _broker = new();

    [Fact]
    public async Task Requests_ThatCannotBeCarriedOut_AreRefusedWithTheirReason()
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 1);
        var before = await demo.ReadAsync();
        await using var worker = Worker.Start(cluster, _broker);

        await RefusedAsync(worker, demo.Target() with { Name = "nothing" }, FailureReason.TargetNotFound, "There is no Deployment nothing");
        await RefusedAsync(worker, demo.Target() with { Namespace = "nowhere" }, FailureReason.TargetNotFound, "There is no namespace nowhere");
        await RefusedAsync(worker, demo.Target() with { Kind = "Job" }, FailureReason.TargetNotFound, "Deployment, a StatefulSet, a DaemonSet");
        await RefusedAsync(worker, demo.Target(InjectionMode.Live), FailureReason.Unsupported, "live");
        await RefusedAsync(worker, demo.Target(), FailureReason.NotAllowed, "bob (Kubernetes user 'bob') may not update Deployment", owner: "bob");
        await RefusedAsync(worker, demo.Target(), FailureReason.ImagePull, "pull secret 'registry'", Commands.Minimal with { ImagePullSecrets = ["registry"] });
        await RefusedAsync(worker, demo.Target(), FailureReason.Volume, "Secret 'token'", Commands.Minimal with
        {
            Secrets = new Dictionary<string, BlueprintSecret> { ["token"] = new() { Secret = "token" } },
        });

        await cluster.KubectlAsync("label", "namespace", demo.Namespace, "workspaces.dev/injection-");
        await RefusedAsync(worker, demo.Target(), FailureReason.NotAllowed, "workspaces.dev/injection=enabled");

        AssertUntouched(before, await demo.ReadAsync());
    }

    [Fact]
    public async Task Admission_ThatWouldRefuseThePods_IsAskedFirst()
    {
        var demo = await Demo.CreateAsync(cluster, "StatefulSet", replicas: 1);
        var before = await demo.ReadAsync();
        await using var worker = Worker.Start(cluster, _broker);

        await cluster.KubectlAsync("label", "namespace", demo.Namespace, "pod-security.kubernetes.io/enforce=baseline");
        await RefusedAsync(worker, demo.Target(), FailureReason.Refused, "violates PodSecurity", Commands.Debug);
        await cluster.KubectlAsync("label", "namespace", demo.Namespace, "pod-security.kubernetes.io/enforce-");

        await demo.KubectlAsync("create", "quota", "memory", "--hard=limits.memory=512Mi");
        await RefusedAsync(worker, demo.Target(), FailureReason.Refused, "exceeded quota: memory");
        await demo.KubectlAsync("delete", "quota", "memory");

        AssertUntouched(before, await demo.ReadAsync());
        Assert.All(await demo.PodsAsync(), pod => Assert.Contains(pod.Status.Conditions, condition => condition is { Type: "Ready", Status: "True" }));
    }

    [Fact]
    public async Task Quota_ThatIsFullOfPods_DoesNotKeepOutOfWhatReplacesInPlace()
    {
        var demo = await Demo.CreateAsync(cluster, "StatefulSet", replicas: 1);
        await demo.KubectlAsync("create", "quota", "pods", "--hard=pods=1");
        await Eventually.TrueAsync(async () => (await demo.KubectlAsync("get", "quota", "pods", "-o", "jsonpath={.status.used.pods}")) == "1", "the quota to be counted");
        await using var worker = Worker.Start(cluster, _broker);
        var id = WorkspaceId.New();

        await worker.HandleAsync(Commands.Request(id, demo.Target()));

        await _broker.UntilAsync<WorkspaceReady>(id);
    }

    [Fact]
    public async Task Restricted_Namespace_TakesAWorkspaceOfAPlainUser()
    {
        var demo = await Demo.CreateAsync(cluster, "Deployment", replicas: 1);
        await cluster.KubectlAsync("label", "namespace", demo.Namespace, "pod-security.kubernetes.io/enforce=restricted");
        await using var worker = Worker.Start(cluster, _broker);
        var id = WorkspaceId.New();

        await worker.HandleAsync(Commands.Request(id, demo.Target()));

        await _broker.UntilAsync<WorkspaceReady>(id);
    }

    private static void AssertUntouched(JsonObject before, JsonObject after)
    {
        Assert.Equal(before["metadata"]!["generation"]!.ToJsonString(), after["metadata"]!["generation"]!.ToJsonString());
        Assert.Equal(before["spec"]!.ToJsonString(), after["spec"]!.ToJsonString());
    }

    private async Task RefusedAsync(
        Worker worker, WorkspaceTarget target, FailureReason reason, string words, Blueprint? blueprint = null, string owner = "alice")
    {
        var id = WorkspaceId.New();
        await worker.HandleAsync(Commands.Request(id, target, blueprint, owner));
        var failed = await _broker.UntilAsync<WorkspaceFailed>(id);
        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        Assert.Equal(reason, failed.Reason);
        Assert.Equal([typeof(WorkspaceFailed)], _broker.Of(id).Select(each => each.GetType()));
    }
}
