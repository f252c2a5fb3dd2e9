using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>Ephemeral containers and the container that they target, with real processes.</summary>
[Trait("needs", "containers")]
public sealed class LiveContainerTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Target_Restarts_KillsTheContainerThatJoinedIt()
    {
        var ns = await PodAsync(shared: false);
        await AddAsync(ns, "live", "main");
        await LiveAsync(ns, "live", status => status.State.Running is not null);

        await EndMainAsync(ns);

        var pod = await LiveAsync(ns, "live", status => status.State.Terminated is not null);
        Assert.Equal(137, pod.Status.EphemeralContainerStatuses[0].State.Terminated.ExitCode);
        await cluster.PodAsync(ns, "app", found => found.Status.ContainerStatuses[0] is { RestartCount: 1, Ready: true });
        Assert.Equal(0, (await LiveAsync(ns, "live", status => true)).Status.EphemeralContainerStatuses[0].RestartCount);
    }

    [Fact]
    public async Task Target_RestartsInAPodThatSharesProcesses_LeavesTheOtherContainerAlone()
    {
        var ns = await PodAsync(shared: true);
        await AddAsync(ns, "live", null);
        await LiveAsync(ns, "live", status => status.State.Running is not null);

        await EndMainAsync(ns);

        var pod = await cluster.PodAsync(ns, "app", found => found.Status.ContainerStatuses[0] is { RestartCount: 1, Ready: true });
        Assert.NotNull(pod.Status.EphemeralContainerStatuses[0].State.Running);
    }

    [Fact]
    public async Task Target_IsDown_ContainerCannotBeCreated()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("app", "exit 1");
        pod.Spec.Containers.Add(Shell("other", Target.Runs));
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, pod);
        await cluster.PodAsync(ns, "app", found => found.Status?.ContainerStatuses?.Any(status => status.State.Terminated is not null) == true
            && found.Status.ContainerStatuses.Any(status => status.Ready));

        await AddAsync(ns, "live", "main");
        await AddAsync(ns, "free", null);

        await LiveAsync(ns, "free", status => status.State.Running is not null);
        await LiveAsync(ns, "live", status => status.State.Waiting?.Reason == "CreateContainerError" || status.State.Terminated?.Reason is "StartError" or "ContainerCannotRun");
    }

    [Fact]
    public async Task Exec_WithoutAStreamForErrors_HasInputOutputAndExitCode()
    {
        var ns = await PodAsync(shared: false);
        using var socket = await cluster.Client.WebSocketNamespacedPodExecAsync(
            "app", ns, ["sh", "-c", "echo lost >&2; read line; echo got $line; exit 7"], "main", stderr: false, stdin: true, tty: false, cancellationToken: Ct);
        using var streams = new StreamDemuxer(socket);
        streams.Start();
        await using var process = streams.GetStream(ChannelIndex.StdOut, ChannelIndex.StdIn);
        await using var outcome = streams.GetStream(ChannelIndex.Error, null);

        await process.WriteAsync("input\n"u8.ToArray(), Ct);

        Assert.Equal("got input\n", await new StreamReader(process).ReadToEndAsync(Ct));
        var status = KubernetesJson.Deserialize<V1Status>(await new StreamReader(outcome).ReadToEndAsync(Ct));
        Assert.Equal(7, Kubernetes.GetExitCodeOrThrow(status));
    }

    private async Task<string> PodAsync(bool shared)
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("app", "trap 'exit 9' TERM; while true; do sleep 0.1; done");
        pod.Spec.ShareProcessNamespace = shared;
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "app");
        return ns;
    }

    /// <summary>The first process of the target ends.</summary>
    private async Task EndMainAsync(string ns) => await cluster.ExecAsync(ns, "app", "main", "sh", "-c", "kill -TERM $(pgrep -f -o 'trap .exit 9')");

    private async Task AddAsync(string ns, string name, string? target) => (await cluster.Client.PatchAsync(
        $"api/v1/namespaces/{ns}/pods/app/ephemeralcontainers",
        $$"""
        {"spec":{"ephemeralContainers":[{"name":"{{name}}","image":"{{Image}}","command":["sh","-c","while true; do sleep 0.1; done"]{{(target is null ? "" : $", \"targetContainerName\": \"{target}\"")}} }]} }
        """,
        "application/strategic-merge-patch+json")).Ok();

    private Task<V1Pod> LiveAsync(string ns, string name, Func<V1ContainerStatus, bool> wanted) => cluster.PodAsync(
        ns, "app", pod => pod.Status?.EphemeralContainerStatuses?.SingleOrDefault(status => status.Name == name) is { } found && wanted(found));
}
