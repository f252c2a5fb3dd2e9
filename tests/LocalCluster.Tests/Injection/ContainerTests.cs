using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>What injected containers find on a node: files, users, tokens.</summary>
[Trait("needs", "containers")]
public sealed class ContainerTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Why keys are mounted 0444 and copied: sshd refuses 0440, and another user cannot read 0400.</summary>
    [Theory]
    [InlineData(null, 256, "400 0")]
    [InlineData(2000L, 256, "440 2000")]
    [InlineData(null, 292, "444 0")]
    [InlineData(2000L, 292, "444 2000")]
    public async Task Secret_InAPodWithFsGroup_IsReadableByTheGroup(long? group, int mode, string expected)
    {
        var ns = await cluster.NewNamespaceAsync();
        var secret = new V1Secret { Metadata = new V1ObjectMeta { Name = "key" }, StringData = new Dictionary<string, string> { ["key"] = "secret" } };
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(secret, ns, cancellationToken: Ct);
        var pod = ShellPod("app", Target.Runs);
        pod.Spec.SecurityContext = new V1PodSecurityContext { FsGroup = group };
        pod.Spec.Volumes = [new V1Volume { Name = "key", Secret = new V1SecretVolumeSource { SecretName = "key", DefaultMode = mode } }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "key", MountPath = "/key" }];
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "app");

        var found = await cluster.ExecAsync(ns, "app", "main", "stat", "-L", "-c", "%a %g", "/key/key");

        Assert.Equal(expected, found.Output.Trim());
    }

    [Fact]
    public async Task Inject_EmptyDirOverTheTokensPath_HidesTheTokenFromTheWorkspaceAlone()
    {
        const string path = "/var/run/secrets/kubernetes.io/serviceaccount";
        var target = await Target.CreateAsync(cluster, "Deployment", change: manifest => Target.Template(manifest)["spec"]!.AsObject().Remove("automountServiceAccountToken"));
        (await target.InjectAsync(new Injected("mask") { More = $$"""{"volumeMounts":[{"name":"workspace-mask","mountPath":"{{path}}"}]}""" })).Ok();
        await target.RolledOutAsync();
        var pod = Assert.Single(await target.PodsAsync(pods => pods.Count == 1, "one")).Metadata.Name;

        Assert.Equal("", (await cluster.ExecAsync(target.Namespace, pod, "workspace-mask", "ls", path)).Output);
        Assert.Equal("ca.crt\nnamespace\ntoken\n", (await cluster.ExecAsync(target.Namespace, pod, "main", "ls", path)).Output);
    }

    [Fact]
    public async Task Inject_RootIntoAPodThatMustNotRunAsRoot_IsRefusedByTheNodeAfterAdmission()
    {
        var target = await Target.CreateAsync(
            cluster, "Deployment", change: manifest => Target.Template(manifest)["spec"]!["securityContext"] = JsonNode.Parse("""{"runAsNonRoot":true,"runAsUser":1000}"""));
        await target.RolledOutAsync();
        var injected = new Injected("root") { More = """{"securityContext":{"runAsUser":0}}""" };

        (await Preflight.InjectAsync(target, injected)).Ok();
        (await target.InjectAsync(injected)).Ok();

        var pods = await target.PodsAsync(
            now => now.Any(pod => Target.IsInjected(pod) && Workspace(pod)?.State.Waiting?.Reason == "CreateContainerConfigError"), "refused by the node");
        Assert.StartsWith(
            "container's runAsUser breaks non-root policy", Workspace(pods.Single(Target.IsInjected))!.State.Waiting.Message, StringComparison.Ordinal);
        Assert.Contains(pods, pod => !Target.IsInjected(pod) && IsReady(pod));

        static V1ContainerStatus? Workspace(V1Pod pod) => pod.Status?.ContainerStatuses?.SingleOrDefault(status => status.Name == "workspace-root");
    }
}
