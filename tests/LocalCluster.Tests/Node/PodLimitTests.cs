using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>What the kernel and the kubelet do to pods that want too much.</summary>
[Trait("needs", "containers")]
public sealed class PodLimitTests(NodeFixture cluster)
{
    [Fact]
    public async Task Memory_MoreThanTheLimit_IsOOMKilled()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = Once("greedy", "exec tail /dev/zero");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("32Mi") } };
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "greedy", found => found.Status?.Phase == "Failed");

        var state = ended.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((137, "OOMKilled"), (state.ExitCode, state.Reason));
    }

    [Fact]
    public async Task Memory_KilledForAnotherReason_IsAnError()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = Once("killed", "sh -c 'kill -KILL $PPID'; true");
        pod.Spec.ShareProcessNamespace = true; // so that the shell is not PID 1, which signals of its own do not reach
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("32Mi") } };
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "killed", found => found.Status?.Phase == "Failed");

        var state = ended.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((137, "Error"), (state.ExitCode, state.Reason));
    }

    [Fact]
    public async Task Memory_MoreThanThePodsOwnLimit_IsOOMKilled()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = Once("greedy", "exec tail /dev/zero");
        pod.Spec.Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("32Mi") } };
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "greedy", found => found.Status?.Phase == "Failed");

        Assert.Equal("OOMKilled", ended.Status.ContainerStatuses[0].State.Terminated.Reason);
    }

    [Fact]
    public async Task ActiveDeadline_Over_FailsThePod()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("late", "exec sleep 1000");
        pod.Spec.ActiveDeadlineSeconds = 1;
        pod.Spec.TerminationGracePeriodSeconds = 0;
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "late", found => found.Status?.Phase == "Failed");

        Assert.Equal(("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"), (ended.Status.Reason, ended.Status.Message));
        Assert.Equal(137, ended.Status.ContainerStatuses[0].State.Terminated.ExitCode);
        Assert.Contains(await cluster.EventsAsync(ns), known => known is { Type: "Normal", Reason: "DeadlineExceeded" });
    }

    [Fact]
    public async Task EmptyDirOnDisk_MoreThanItsLimit_EvictsThePod()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("writes", "head -c 3M /dev/zero > /data/file; exec sleep 1000");
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity("1Mi") } }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "writes", found => found.Status?.Phase == "Failed");

        Assert.Equal(("Evicted", "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". "), (ended.Status.Reason, ended.Status.Message));
        Assert.DoesNotContain(ended.Status.Conditions, condition => condition.Type == "DisruptionTarget");
    }

    [Fact]
    public async Task EphemeralStorage_MoreThanTheContainersLimit_EvictsThePod()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("writes", "head -c 3M /dev/zero > /tmp/file; exec sleep 1000");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new("2Mi") } };
        pod.Spec.Containers.Add(Shell("other", "exec sleep 1000"));
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "writes", found => found.Status?.Phase == "Failed");

        Assert.Equal(("Evicted", "Container main exceeded its local ephemeral storage limit \"2Mi\". "), (ended.Status.Reason, ended.Status.Message));
    }

    [Fact]
    public async Task Cpu_RequestAndLimit_AreTheCgroups()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("limited", "exec sleep 1000");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements
        {
            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("100m") },
            Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("500m") },
        };
        await cluster.CreateAsync(ns, pod);
        var ready = await cluster.ReadyPodAsync(ns, "limited");

        var quota = await cluster.ExecAsync(ns, "limited", "main", "sh", "-c", "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d' ' -f1 /sys/fs/cgroup/cpu.max");

        Assert.Equal("50000\n", quota.Output);
        Assert.Equal("Burstable", ready.Status.QosClass);
        var status = ready.Status.ContainerStatuses[0];
        Assert.Equal("500m", status.Resources.Limits["cpu"].ToString());
        Assert.Equal("100m", status.AllocatedResources["cpu"].ToString());
    }

    [Fact]
    public async Task RestartRules_OfTheContainer_GoBeforeThePods()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = Once("ruled", "test -e /data/again && exit 0; touch /data/again; exit 42");
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        pod.Spec.Containers[0].RestartPolicy = "Never";
        pod.Spec.Containers[0].RestartPolicyRules =
            [new V1ContainerRestartRule { Action = "Restart", ExitCodes = new V1ContainerRestartRuleOnExitCodes { OperatorProperty = "In", Values = [42] } }];
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "ruled", found => found.Status?.Phase is "Succeeded" or "Failed");

        Assert.Equal(("Succeeded", 1), (ended.Status.Phase, ended.Status.ContainerStatuses[0].RestartCount));
        Assert.Equal(42, ended.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
    }

    private static V1Pod Once(string name, string script)
    {
        var pod = ShellPod(name, script);
        pod.Spec.RestartPolicy = "Never";
        return pod;
    }
}
