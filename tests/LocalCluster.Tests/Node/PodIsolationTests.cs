using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

[Trait("needs", "containers")]
public sealed class PodIsolationTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ShareProcessNamespace_Containers_SeeEachOthersProcessesAndFiles()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("shares", "echo mine > /etc/marker; exec sleep 4343");
        pod.Spec.ShareProcessNamespace = true;
        pod.Spec.Containers.Add(Shell("other", "exec sleep 1000"));
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "shares");

        var first = await cluster.ExecAsync(ns, "shares", "other", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline");
        var marker = await cluster.ExecAsync(ns, "shares", "other", "sh", "-c", "cat /proc/$(pgrep -f 'sleep 4343' | head -1)/root/etc/marker");

        Assert.StartsWith("/pause", first.Output, StringComparison.Ordinal);
        Assert.Equal("mine\n", marker.Output);
    }

    [Fact]
    public async Task SeparateProcessNamespaces_Containers_DoNotSeeEachOther()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("apart", "exec sleep 4343");
        pod.Spec.Containers.Add(Shell("other", "exec sleep 1000"));
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "apart");

        var processes = await cluster.ExecAsync(ns, "apart", "other", "ps", "ax", "-o", "args");

        Assert.DoesNotContain("4343", processes.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EphemeralContainer_WithTarget_JoinsItsProcessesAndIsNeverReady()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("target", "exec sleep 4343"));
        await cluster.ReadyPodAsync(ns, "target");
        var patch = new V1Patch(
            $$$"""{"spec":{"ephemeralContainers":[{"name":"debug","image":"{{{Image}}}","command":["sh","-c","tr '\\0' ' ' < /proc/1/cmdline; echo; exec sleep 1000"],"targetContainerName":"main"}]}}""",
            V1Patch.PatchType.StrategicMergePatch);

        await cluster.Client.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(patch, "target", ns, cancellationToken: Ct);

        var pod = await cluster.PodAsync(ns, "target", found => found.Status.EphemeralContainerStatuses?.SingleOrDefault()?.State.Running is not null);
        Assert.Equal("sleep 4343 \n", await cluster.LogAsync(ns, "target", "debug", until: "4343 "));
        Assert.False(pod.Status.EphemeralContainerStatuses[0].Ready);
        Assert.Equal(0, pod.Status.ContainerStatuses[0].RestartCount);
        Assert.Equal(0, (await cluster.ExecAsync(ns, "target", "debug", "true")).ExitCode);
    }

    [Fact]
    public async Task HostNetwork_Pod_HasTheMachinesInterfaces()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("host", "exec sleep 1000");
        pod.Spec.HostNetwork = true;
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "host");

        var inside = await cluster.ExecAsync(ns, "host", "main", "readlink", "/proc/self/ns/net");

        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, inside.Output.Trim());
    }

    [Fact]
    public async Task SecurityContext_UserGroupsAndCapabilities_AreApplied()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("plain", "id -u; id -g; id -G; grep -E 'CapBnd|NoNewPrivs|^Seccomp:' /proc/self/status; exec sleep 1000");
        pod.Spec.SecurityContext = new V1PodSecurityContext { RunAsUser = 4321, RunAsGroup = 4322, SupplementalGroups = [4323], FsGroup = 4324, SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" } };
        pod.Spec.Containers[0].SecurityContext = new V1SecurityContext
        {
            AllowPrivilegeEscalation = false,
            Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["NET_BIND_SERVICE"] },
        };
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "plain");

        var output = await cluster.LogAsync(ns, "plain", until: "Seccomp:");

        Assert.Equal("4321\n4322\n4322 4323 4324\nCapBnd:\t0000000000000400\nNoNewPrivs:\t1\nSeccomp:\t2\n", output);
    }

    [Fact]
    public async Task RunAsNonRoot_ImageOfRoot_IsAConfigError()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("nonroot", "true");
        pod.Spec.SecurityContext = new V1PodSecurityContext { RunAsNonRoot = true };
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "nonroot", known => known.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError");

        Assert.StartsWith("container has runAsNonRoot and image will run as root", found.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }
}
