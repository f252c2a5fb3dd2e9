using System.Text;
using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>Hooks, sidecars, gates and the order in which containers come and go.</summary>
[Trait("needs", "containers")]
public sealed class LifecycleTests(NodeFixture cluster)
{
    private const string EndsOnTerm = "trap 'echo term; exit 0' TERM; echo up; while true; do sleep 0.05; done";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostStart_Fails_RestartsTheContainer()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("hooked", EndsOnTerm);
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PostStart = new V1LifecycleHandler { Exec = new V1ExecAction { Command = ["false"] } } };
        await cluster.CreateAsync(ns, pod);

        await cluster.PodAsync(ns, "hooked", found => found.Status?.ContainerStatuses?[0].RestartCount > 0);

        Assert.Contains(await cluster.EventsAsync(ns), known => known is { Type: "Warning", Reason: "FailedPostStartHook", Message: "PostStartHook failed" });
    }

    [Fact]
    public async Task PostStart_Running_HoldsReadinessBack()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("hooked", "exec sleep 1000");
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PostStart = new V1LifecycleHandler { Exec = new V1ExecAction { Command = ["sh", "-c", "touch /tmp/hook"] } } };
        await cluster.CreateAsync(ns, pod);

        await cluster.ReadyPodAsync(ns, "hooked");

        Assert.Equal(0, (await cluster.ExecAsync(ns, "hooked", "main", "test", "-e", "/tmp/hook")).ExitCode);
    }

    [Fact]
    public async Task PreStop_RunsBeforeTheSignal()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("hooked", EndsOnTerm);
        pod.Spec.TerminationGracePeriodSeconds = 20;
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PreStop = new V1LifecycleHandler { Exec = new V1ExecAction { Command = ["sh", "-c", "echo hook > /proc/1/fd/1"] } } };
        await cluster.CreateAsync(ns, pod);
        await cluster.LogAsync(ns, "hooked", until: "up");
        var log = FollowAsync(ns, "hooked", "main");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("hooked", ns, cancellationToken: Ct);

        Assert.Equal("up\nhook\nterm\n", await log);
        await cluster.GoneAsync(ns, "hooked");
    }

    [Fact]
    public async Task PreStop_Sleep_CountsIntoTheGracePeriod()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("sleeps", EndsOnTerm);
        pod.Spec.TerminationGracePeriodSeconds = 1;
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PreStop = new V1LifecycleHandler { Exec = new V1ExecAction { Command = ["sleep", "1000"] } } };
        await cluster.CreateAsync(ns, pod);
        await cluster.LogAsync(ns, "sleeps", until: "up");
        var log = FollowAsync(ns, "sleeps", "main");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("sleeps", ns, cancellationToken: Ct);

        // The hook took all the time there was; the program still gets its two seconds.
        Assert.Equal("up\nterm\n", await log);
        await cluster.GoneAsync(ns, "sleeps");
    }

    [Fact]
    public async Task Sidecar_ServesFromBeforeTheOthersUntilAfterThem()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("served", "test -e /data/sidecar && echo started after it");
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.TerminationGracePeriodSeconds = 20;
        var sidecar = Shell("sidecar", "touch /data/sidecar; " + EndsOnTerm);
        sidecar.RestartPolicy = "Always";
        sidecar.StartupProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/data/sidecar"] }, PeriodSeconds = 1, TimeoutSeconds = 30, FailureThreshold = 30 };
        pod.Spec.InitContainers = [sidecar];
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        foreach (var container in pod.Spec.InitContainers.Concat(pod.Spec.Containers))
        {
            container.VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        }

        await cluster.CreateAsync(ns, pod);
        var ended = await cluster.PodAsync(ns, "served", found => found.Status?.Phase is "Succeeded" or "Failed");

        Assert.Equal("Succeeded", ended.Status.Phase);
        Assert.Equal("started after it\n", await cluster.LogAsync(ns, "served"));
        Assert.Equal("up\nterm\n", await cluster.LogAsync(ns, "served", "sidecar"));
        Assert.Equal(0, ended.Status.InitContainerStatuses[0].State.Terminated.ExitCode);
    }

    [Fact]
    public async Task Sidecar_NotReady_MakesThePodNotReady()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("unready", "exec sleep 1000");
        var sidecar = Shell("sidecar", "exec sleep 1000");
        sidecar.RestartPolicy = "Always";
        sidecar.ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["false"] }, PeriodSeconds = 1 };
        pod.Spec.InitContainers = [sidecar];
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "unready", known => known.Status?.Phase == "Running");

        Assert.Equal("containers with unready status: [sidecar]", found.Status.Conditions.Single(condition => condition.Type == "Ready").Message);
    }

    [Fact]
    public async Task ReadinessGate_HoldsThePodBackUntilItsConditionIsTrue()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("gated", "exec sleep 1000");
        pod.Spec.ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.com/open" }];
        await cluster.CreateAsync(ns, pod);
        var held = await cluster.PodAsync(ns, "gated", known => known.Status?.Conditions?.Any(condition => condition is { Type: "ContainersReady", Status: "True" }) == true);
        var ready = held.Status.Conditions.Single(condition => condition.Type == "Ready");
        Assert.Equal(("False", "ReadinessGatesNotReady"), (ready.Status, ready.Reason));
        Assert.Equal("corresponding condition of pod readiness gate \"example.com/open\" does not exist.", ready.Message);

        await cluster.Client.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch("""{"status":{"conditions":[{"type":"example.com/open","status":"True"}]}}""", V1Patch.PatchType.StrategicMergePatch), "gated", ns, cancellationToken: Ct);

        await cluster.ReadyPodAsync(ns, "gated");
    }

    [Fact]
    public async Task TerminationMessage_FallsBackToTheLog()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("fails", "echo first; echo last words; exit 7");
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.Containers[0].TerminationMessagePolicy = "FallbackToLogsOnError";
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "fails", found => found.Status?.Phase == "Failed");

        Assert.Equal("first\nlast words\n", ended.Status.ContainerStatuses[0].State.Terminated.Message);
    }

    [Fact]
    public async Task Status_OfARunningContainer_TellsUserAndMounts()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("told", "exec sleep 1000");
        pod.Spec.SecurityContext = new V1PodSecurityContext { RunAsUser = 4321, RunAsGroup = 4322, SupplementalGroups = [4323] };
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data", ReadOnlyProperty = true }];
        await cluster.CreateAsync(ns, pod);

        var status = (await cluster.ReadyPodAsync(ns, "told")).Status.ContainerStatuses[0];

        Assert.Equal((4321, 4322), (status.User.Linux.Uid, status.User.Linux.Gid));
        Assert.Contains(4323L, status.User.Linux.SupplementalGroups);
        var mount = Assert.Single(status.VolumeMounts);
        Assert.Equal(("data", "/data", true, "Disabled"), (mount.Name, mount.MountPath, mount.ReadOnlyProperty, mount.RecursiveReadOnly));
    }

    [Fact]
    public async Task WaitingContainer_KeepsThePodPending()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("half", "exec sleep 1000");
        pod.Spec.Containers.Add(new V1Container { Name = "absent", Image = "registry.example.com/none:1" });
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "half", known =>
            known.Status?.ContainerStatuses?.Any(status => status.State.Running is not null) == true
            && known.Status.ContainerStatuses.Any(status => status.State.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff"));

        Assert.Equal("Pending", found.Status.Phase);
    }

    /// <summary>A container's log from its beginning to its end.</summary>
    private async Task<string> FollowAsync(string ns, string pod, string container)
    {
        await using var log = await cluster.Client.CoreV1.ReadNamespacedPodLogAsync(pod, ns, container: container, follow: true, cancellationToken: Ct);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return await reader.ReadToEndAsync(Ct);
    }
}
