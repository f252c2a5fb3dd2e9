using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>Containers that are added to a running pod.</summary>
[Trait("needs", "containers")]
public sealed class EphemeralContainerTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ended_IsNeverRestarted_AndTheSameNameAgainDoesNothing()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("target", "exec sleep 1000"));
        await cluster.ReadyPodAsync(ns, "target");
        await AddAsync(ns, "target", "debug", "exit 3", null);
        var ended = await cluster.PodAsync(ns, "target", pod => Status(pod, "debug")?.State.Terminated is not null);
        Assert.Equal((3, 0), (Status(ended, "debug")!.State.Terminated.ExitCode, Status(ended, "debug")!.RestartCount));

        await AddAsync(ns, "target", "debug", "exit 3", null);
        await AddAsync(ns, "target", "another", "exit 0", null);

        var later = await cluster.PodAsync(ns, "target", pod => Status(pod, "another")?.State.Terminated is not null);
        Assert.Equal(Status(ended, "debug")!.ContainerID, Status(later, "debug")!.ContainerID);
        Assert.Equal(2, later.Status.EphemeralContainerStatuses.Count);
    }

    [Fact]
    public async Task WithTarget_RestartOfTheTarget_KillsIt()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("target", "trap 'exit 5' TERM; while true; do sleep 0.05; done"));
        await cluster.ReadyPodAsync(ns, "target");
        await AddAsync(ns, "target", "debug", "exec sleep 1000", "main");
        await cluster.PodAsync(ns, "target", pod => Status(pod, "debug")?.State.Running is not null);

        await cluster.ExecAsync(ns, "target", "main", "kill", "-TERM", "1");

        var pod = await cluster.PodAsync(ns, "target", found => Status(found, "debug")?.State.Terminated is not null && found.Status.ContainerStatuses[0].RestartCount == 1);
        Assert.Equal(137, Status(pod, "debug")!.State.Terminated.ExitCode);
    }

    [Fact]
    public async Task WithTarget_ThatIsDown_IsACreateContainerError()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("target", "exit 1"));
        await cluster.PodAsync(ns, "target", pod => pod.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CrashLoopBackOff");

        await AddAsync(ns, "target", "debug", "exec sleep 1000", "main");

        await cluster.PodAsync(ns, "target", pod => Status(pod, "debug")?.State.Waiting?.Reason == "CreateContainerError");
    }

    [Fact]
    public async Task WithSharedProcesses_SurvivesARestartOfTheOthers()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("shares", "trap 'exit 5' TERM; while true; do sleep 0.05; done");
        pod.Spec.ShareProcessNamespace = true;
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "shares");
        await AddAsync(ns, "shares", "debug", "exec sleep 1000", null);
        await cluster.PodAsync(ns, "shares", found => Status(found, "debug")?.State.Running is not null);

        await cluster.ExecAsync(ns, "shares", "main", "sh", "-c", "kill -TERM $(pgrep -f 'trap .exit 5' | head -1)");

        var restarted = await cluster.PodAsync(ns, "shares", found => found.Status.ContainerStatuses[0].RestartCount == 1 && IsReady(found));
        Assert.NotNull(Status(restarted, "debug")!.State.Running);
    }

    private static V1ContainerStatus? Status(V1Pod pod, string name) => pod.Status.EphemeralContainerStatuses?.FirstOrDefault(status => status.Name == name);

    private Task<V1Pod> AddAsync(string ns, string pod, string name, string script, string? target)
    {
        var joined = target is null ? "" : $",\"targetContainerName\":\"{target}\"";
        var patch = $$$"""{"spec":{"ephemeralContainers":[{"name":"{{{name}}}","image":"{{{Image}}}","command":["sh","-c","{{{script}}}"]{{{joined}}} }]}}""";
        return cluster.Client.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), pod, ns, cancellationToken: Ct);
    }
}
