using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>How the workspace container decides about its pod and the rollout, and what becomes of pods that are not ready.</summary>
public sealed class RolloutTests(NodeFixture cluster)
{
    private const string NeverReady = """{"readinessProbe":{"exec":{"command":["false"]},"periodSeconds":1}}""";

    private const string NeverStarted = """{"startupProbe":{"exec":{"command":["false"]},"periodSeconds":1,"failureThreshold":600}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inject_ContainerThatIsNotReady_TakesThePodOutOfItsService()
    {
        var target = await Target.CreateAsync(cluster, "StatefulSet");
        var service = new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "app" },
            Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "app" }, Ports = [new V1ServicePort { Port = 80 }] },
        };
        await cluster.Client.CoreV1.CreateNamespacedServiceAsync(service, target.Namespace, cancellationToken: Ct);
        await target.RolledOutAsync();
        await Eventually.TrueAsync(async () => await ReadyEndpointsAsync(target) is [true], "the pod in its Service");

        (await target.InjectAsync(new Injected("u") { More = NeverReady })).Ok();

        await target.PodsAsync(pods => pods is [{ Status.Phase: "Running" } pod] && Target.IsInjected(pod) && Ready(pod, "main") && !Ready(pod, "workspace-u"), "injected and half ready");
        await Eventually.TrueAsync(async () => await ReadyEndpointsAsync(target) is [false], "the pod out of its Service");
    }

    [Fact]
    public async Task Inject_ContainerThatCrashesAtItsStart_StopsTheRollout()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", replicas: 2, manifest => manifest["spec"]!["progressDeadlineSeconds"] = 3);
        await target.RolledOutAsync();

        (await target.InjectAsync(new Injected("c") { Script = "exit 1", More = NeverStarted })).Ok();

        var found = await target.UntilAsync(now => (string?)Target.Condition(now, "Progressing")?["reason"] == "ProgressDeadlineExceeded", "past its deadline");
        Assert.Equal((3, 1, 2), ((int)found["status"]!["replicas"]!, (int)found["status"]!["updatedReplicas"]!, (int)found["status"]!["availableReplicas"]!));
        var pods = await target.PodsAsync(
            now => now.SingleOrDefault(Target.IsInjected)?.Status.ContainerStatuses?.Single(status => status.Name == "workspace-c").State.Waiting?.Reason == "CrashLoopBackOff", "crashing");
        Assert.Equal(2, pods.Count(pod => !Target.IsInjected(pod) && NodeFixture.IsReady(pod)));

        // Taken back, it is whole again.
        (await target.EjectAsync(new Injected("c"))).Ok();
        await target.RolledOutAsync();
        Assert.DoesNotContain(await target.PodsAsync(now => now.Count == 2, "two"), Target.IsInjected);
    }

    [Fact]
    public async Task Inject_StartupProbe_GatesTheRolloutAndNeverFlipsLater()
    {
        var target = await Target.CreateAsync(cluster, "Deployment");
        await target.RolledOutAsync();

        // The first workspace takes away what its probe looks for as soon as it was seen. The second one, and with it the pod, is ready a few probes later.
        const string probe = """{"exec":{"command":["sh","-c","test -f /.workspace/up && touch /.workspace/seen"]},"periodSeconds":1,"timeoutSeconds":30,"failureThreshold":600}""";
        const string lateProbe = """{"exec":{"command":["test","-f","/.workspace/late"]},"periodSeconds":1,"timeoutSeconds":30,"failureThreshold":600}""";
        var brief = new Injected("brief")
        {
            Script = "touch /.workspace/up; while ! test -f /.workspace/seen; do sleep 0.1; done; rm /.workspace/up; sleep 6; touch /.workspace/late; " + Target.Runs,
            More = $$"""{"startupProbe":{{probe}} }""",
        };
        var late = new Injected("late") { Port = 2223, More = $$"""{"startupProbe":{{lateProbe}},"volumeMounts":[{"name":"workspace-brief","mountPath":"/.workspace"}]}""" };
        var patch = JsonNode.Parse(brief.Patch("Deployment", "app", null))!.AsObject();
        foreach (var list in new[] { "containers", "initContainers", "volumes" })
        {
            var more = JsonNode.Parse(late.Patch("Deployment", "app", null))!["spec"]!["template"]!["spec"]![list]![0]!;
            Target.Template(patch)["spec"]![list]!.AsArray().Add(more.DeepClone());
        }

        (await target.ApplyAsync("both", patch.ToJsonString())).Ok();

        var gated = await target.PodsAsync(
            pods => pods.Any(pod => Status(pod, "workspace-brief") is { Started: true, Ready: true } && Status(pod, "workspace-late") is { State.Running: not null, Started: false, Ready: false }),
            "half started");
        Assert.False(NodeFixture.IsReady(gated.Single(Target.IsInjected)));
        Assert.Contains(gated, pod => !Target.IsInjected(pod) && NodeFixture.IsReady(pod));
        await target.RolledOutAsync();
        var last = Assert.Single(await target.PodsAsync(pods => pods.Count == 1, "one"));
        Assert.True(Status(last, "workspace-brief") is { Started: true, Ready: true, RestartCount: 0 });
        var ready = last.Status.Conditions.Single(condition => condition.Type == "Ready");
        Assert.True(ready.LastTransitionTime - Status(last, "workspace-brief")!.State.Running.StartedAt >= TimeSpan.FromSeconds(5), "The pod was ready before its last container had started.");
    }

    [Fact]
    public async Task Inject_CrashLoopingDeployment_MakesOnlyItsSurgePodAndExceedsItsDeadline()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", replicas: 2, manifest =>
        {
            manifest["spec"]!["progressDeadlineSeconds"] = 4;
            Crash(manifest);
        });
        await target.PodsAsync(now => now.Count == 2 && now.All(IsCrashing), "two that crash");

        (await target.InjectAsync(new Injected("d"))).Ok();

        var found = await target.UntilAsync(
            now => (string?)Target.Condition(now, "Progressing")?["reason"] == "ProgressDeadlineExceeded" && (int?)now["status"]!["updatedReplicas"] == 1, "past its deadline");
        Assert.Equal(3, (int)found["status"]!["replicas"]!);
        Assert.Single(await target.PodsAsync(), Target.IsInjected);
    }

    [Fact]
    public async Task Inject_CrashLoopingOrderedStatefulSet_ReplacesNone()
    {
        var target = await Target.CreateAsync(cluster, "StatefulSet", change: Crash);
        var before = Assert.Single(await target.PodsAsync(now => now.Count == 1 && now.All(IsCrashing), "one that crashes"));

        (await target.InjectAsync(new Injected("s"))).Ok();

        // The status of the new generation is written after the pods were looked at.
        var found = await target.UntilAsync(now => (string?)now["status"]!["updateRevision"] != (string?)now["status"]!["currentRevision"], "of two revisions");
        Assert.Equal(0, (int?)found["status"]!["updatedReplicas"] ?? 0);
        var after = Assert.Single(await target.PodsAsync());
        Assert.Equal(before.Metadata.Uid, after.Metadata.Uid);
        Assert.False(Target.IsInjected(after));

        // Deleted by hand, it comes with the workspace.
        await cluster.Client.CoreV1.DeleteNamespacedPodAsync(after.Metadata.Name, target.Namespace, cancellationToken: Ct);
        await target.PodsAsync(now => now.Any(Target.IsInjected), "injected");
    }

    [Fact]
    public async Task Eject_StatefulSetWhoseInjectedPodIsNotReady_LeavesItBrokenUntilItIsDeleted()
    {
        var target = await Target.CreateAsync(cluster, "StatefulSet", replicas: 2);
        await target.RolledOutAsync();
        var injected = new Injected("b") { More = NeverReady };
        (await target.InjectAsync(injected)).Ok();
        var stuck = (await target.PodsAsync(now => now.Any(pod => Target.IsInjected(pod) && pod.Status.Phase == "Running"), "injected")).Single(Target.IsInjected);
        Assert.Equal("app-1", stuck.Metadata.Name);

        (await target.EjectAsync(injected)).Ok();

        var found = await target.UntilAsync(now => (string?)now["status"]!["updateRevision"] == (string?)now["status"]!["currentRevision"], "of one revision");
        Assert.Equal(1, (int?)found["status"]!["readyReplicas"] ?? 0);
        Assert.Equal(stuck.Metadata.Uid, (await target.PodsAsync()).Single(Target.IsInjected).Metadata.Uid);

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("app-1", target.Namespace, cancellationToken: Ct);
        await target.RolledOutAsync();
        Assert.DoesNotContain(await target.PodsAsync(), Target.IsInjected);
    }

    [Fact]
    public async Task Correct_StatefulSetWithAWrongImage_StaysStuckUntilItWentToNoneAndBack()
    {
        const string wrong = "registry.example.com/none:1";
        var target = await Target.CreateAsync(cluster, "StatefulSet", change: manifest => Target.Template(manifest)["spec"]!["containers"]![0]!["image"] = wrong);
        var stuck = Assert.Single(await target.PodsAsync(now => now is [{ Status.ContainerStatuses: [{ State.Waiting.Reason: "ImagePullBackOff" }] }], "one that cannot pull"));

        (await target.StrategicAsync($$$$$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{{{{NodeFixture.Image}}}}}"}]}}}}""")).Ok();

        await target.UntilAsync(now => (string?)now["status"]!["updateRevision"] != (string?)now["status"]!["currentRevision"], "of two revisions");
        var still = Assert.Single(await target.PodsAsync());
        Assert.Equal((stuck.Metadata.Uid, wrong), (still.Metadata.Uid, still.Spec.Containers[0].Image));

        await target.KubectlOkAsync("scale", "statefulset", "app", "--replicas=0");
        await target.PodsAsync(now => now.Count == 0, "none");
        await target.KubectlOkAsync("scale", "statefulset", "app", "--replicas=1");
        await target.RolledOutAsync();
    }

    [Fact]
    public async Task Delete_PodWhoseFirstProcessIgnoresTerm_TakesItsWholeGrace()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", change: manifest => Target.Template(manifest)["spec"]!["terminationGracePeriodSeconds"] = 4);
        (await target.InjectAsync(new Injected("deaf") { Script = "trap '' TERM; while true; do sleep 0.1; done" })).Ok();
        await target.RolledOutAsync();
        var pod = Assert.Single(await target.PodsAsync(now => now is [var one] && Target.IsInjected(one), "one"));
        await target.KubectlOkAsync("scale", "deployment", "app", "--replicas=0");

        var marked = (await target.PodsAsync(now => now is [{ Metadata.DeletionTimestamp: not null }], "marked"))[0];
        Assert.Equal((pod.Metadata.Uid, 4L), (marked.Metadata.Uid, marked.Metadata.DeletionGracePeriodSeconds!.Value));
        await target.PodsAsync(now => now.Count == 0, "gone");

        // The mark is the time at which the grace ends, in whole seconds.
        Assert.True(DateTime.UtcNow >= marked.Metadata.DeletionTimestamp!.Value.AddSeconds(-1), "It was gone before its grace had passed.");
    }

    /// <summary>Ends at once, again and again, and is never taken for ready in between.</summary>
    private static void Crash(JsonObject manifest)
    {
        var main = Target.Template(manifest)["spec"]!["containers"]![0]!;
        main["command"] = new JsonArray("sh", "-c", "exit 1");
        main["startupProbe"] = JsonNode.Parse(NeverStarted)!["startupProbe"]!.DeepClone();
    }

    private static bool IsCrashing(V1Pod pod) => pod.Status?.ContainerStatuses?.Any(status => status.RestartCount > 0 && !status.Ready) == true;

    private static V1ContainerStatus? Status(V1Pod pod, string container) => pod.Status?.ContainerStatuses?.SingleOrDefault(status => status.Name == container);

    private static bool Ready(V1Pod pod, string container) => Status(pod, container)?.Ready == true;

    private async Task<List<bool>> ReadyEndpointsAsync(Target target) =>
    [
        .. (await cluster.Client.DiscoveryV1.ListNamespacedEndpointSliceAsync(target.Namespace, labelSelector: "kubernetes.io/service-name=app", cancellationToken: Ct)).Items
            .SelectMany(slice => slice.Endpoints ?? []).Select(endpoint => endpoint.Conditions.Ready == true),
    ];
}
