using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>Names, name servers and mounts as a pod's programs find them.</summary>
[Trait("needs", "containers")]
public sealed class PodFileTests(NodeFixture cluster)
{
    [Fact]
    public async Task MountPropagation_BothWays_ShowsAMountInTheOtherContainer()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("mounts", "mkdir -p /shared/inner && mount -t tmpfs inner /shared/inner && touch /shared/inner/seen; exec sleep 1000");
        pod.Spec.Containers[0].SecurityContext = new V1SecurityContext { Privileged = true };
        pod.Spec.Containers.Add(Shell("other", "exec sleep 1000"));
        pod.Spec.Containers.Add(Shell("alone", "exec sleep 1000"));
        pod.Spec.Volumes = [new V1Volume { Name = "shared", EmptyDir = new V1EmptyDirVolumeSource() }];
        foreach (var (container, propagation) in pod.Spec.Containers.Zip(["Bidirectional", "HostToContainer", "None"]))
        {
            container.VolumeMounts = [new V1VolumeMount { Name = "shared", MountPath = "/shared", MountPropagation = propagation }];
        }

        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "mounts");

        await EventuallyAsync(async () => (await cluster.ExecAsync(ns, "mounts", "other", "test", "-e", "/shared/inner/seen")).ExitCode == 0);
    }

    [Fact]
    public async Task SubPathExpr_TakesVariables_AndAnUnknownOneIsAConfigError()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, SubPath("known", "$(NAME)"));
        await cluster.CreateAsync(ns, SubPath("unknown", "$(NOBODY)"));

        await cluster.ReadyPodAsync(ns, "known");

        Assert.Equal(0, (await cluster.ExecAsync(ns, "known", "main", "test", "-d", "/whole/known")).ExitCode);
        var waiting = await cluster.PodAsync(ns, "unknown", found => found.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError");
        Assert.Equal("missing value for \"NOBODY\"", waiting.Status.ContainerStatuses[0].State.Waiting.Message);
    }

    [Fact]
    public async Task Names_OfThePod_AreInItsFiles()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("named", "exec sleep 1000");
        pod.Spec.Hostname = "me";
        pod.Spec.Subdomain = "peers";
        pod.Spec.SetHostnameAsFQDN = true;
        pod.Spec.HostAliases = [new V1HostAlias { Ip = "192.0.2.7", Hostnames = ["seven", "sieben"] }];
        pod.Spec.DnsConfig = new V1PodDNSConfig { Nameservers = ["192.0.2.53"], Searches = ["example.com"], Options = [new V1PodDNSConfigOption { Name = "ndots", Value = "2" }] };
        await cluster.CreateAsync(ns, pod);
        var address = (await cluster.ReadyPodAsync(ns, "named")).Status.PodIP;

        var name = await cluster.ExecAsync(ns, "named", "main", "hostname");
        var hosts = await cluster.ExecAsync(ns, "named", "main", "cat", "/etc/hosts");
        var resolver = await cluster.ExecAsync(ns, "named", "main", "cat", "/etc/resolv.conf");

        Assert.Equal($"me.peers.{ns}.svc.cluster.local\n", name.Output);
        Assert.Contains($"\n{address}\tme.peers.{ns}.svc.cluster.local\tme\n", hosts.Output, StringComparison.Ordinal);
        Assert.Contains("\n# Entries added by HostAliases.\n192.0.2.7\tseven\tsieben\n", hosts.Output, StringComparison.Ordinal);
        Assert.StartsWith($"search {ns}.svc.cluster.local svc.cluster.local cluster.local ", resolver.Output, StringComparison.Ordinal);
        Assert.Contains("example.com\n", resolver.Output, StringComparison.Ordinal);
        Assert.Contains("\nnameserver 192.0.2.53\n", resolver.Output, StringComparison.Ordinal);
        Assert.Contains("\noptions ndots:2\n", resolver.Output, StringComparison.Ordinal);
    }

    private static V1Pod SubPath(string name, string expression)
    {
        var pod = ShellPod(name, "exec sleep 1000");
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "NAME", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } } }];
        pod.Spec.Containers[0].VolumeMounts =
        [
            new V1VolumeMount { Name = "data", MountPath = "/data", SubPathExpr = expression },
            new V1VolumeMount { Name = "data", MountPath = "/whole" },
        ];
        return pod;
    }
}
