using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

[Trait("needs", "containers")]
public sealed class PodVolumeTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConfigMap_Changed_ShowsInTheRunningPod()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ConfigMapAsync(ns, "settings", ("a", "1"));
        await cluster.CreateAsync(ns, WithVolume(ShellPod("reader", "exec sleep 1000"), new V1Volume { ConfigMap = new V1ConfigMapVolumeSource { Name = "settings" } }));
        await cluster.ReadyPodAsync(ns, "reader");
        Assert.Equal("1", (await cluster.ExecAsync(ns, "reader", "main", "cat", "/data/a")).Output);

        await cluster.Client.CoreV1.ReplaceNamespacedConfigMapAsync(NewConfigMap("settings", ("a", "2"), ("b", "3")), "settings", ns, cancellationToken: Ct);

        await EventuallyAsync(async () => (await cluster.ExecAsync(ns, "reader", "main", "sh", "-c", "cat /data/a /data/b")).Output == "23");
    }

    [Fact]
    public async Task ConfigMap_Missing_HoldsThePodUntilItIsMade()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, WithVolume(ShellPod("waits", "exec sleep 1000"), new V1Volume { ConfigMap = new V1ConfigMapVolumeSource { Name = "late" } }));
        await EventuallyAsync(async () => (await cluster.EventsAsync(ns)).Any(known =>
            known is { Reason: "FailedMount", Message: "MountVolume.SetUp failed for volume \"data\" : configmap \"late\" not found" }));

        await ConfigMapAsync(ns, "late", ("a", "1"));

        await cluster.ReadyPodAsync(ns, "waits");
    }

    [Fact]
    public async Task Secret_Optional_AppearsWhenItIsMade()
    {
        var ns = await cluster.NewNamespaceAsync();
        var volume = new V1Volume { Secret = new V1SecretVolumeSource { SecretName = "key", Optional = true } };
        await cluster.CreateAsync(ns, WithVolume(ShellPod("idles", "exec sleep 1000"), volume));
        await cluster.ReadyPodAsync(ns, "idles");

        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "key" }, StringData = new Dictionary<string, string> { ["k"] = "v" } }, ns, cancellationToken: Ct);

        await EventuallyAsync(async () => (await cluster.ExecAsync(ns, "idles", "main", "cat", "/data/k")).Output == "v");
    }

    [Theory]
    [InlineData(null, "-r--------")]
    [InlineData(3000L, "-r--r-----")]
    public async Task Secret_WithMode_IsWidenedForTheGroupByFsGroup(long? group, string expected)
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "key" }, StringData = new Dictionary<string, string> { ["k"] = "v" } }, ns, cancellationToken: Ct);
        var pod = WithVolume(ShellPod("modes", "ls -lL /data/k; exec sleep 1000"), new V1Volume { Secret = new V1SecretVolumeSource { SecretName = "key", DefaultMode = 0b100_000_000 } });
        pod.Spec.SecurityContext = new V1PodSecurityContext { FsGroup = group };

        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "modes");

        Assert.StartsWith(expected, await cluster.LogAsync(ns, "modes", until: "/data/k"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmptyDir_InMemory_IsLimited()
    {
        var ns = await cluster.NewNamespaceAsync();
        var volume = new V1Volume { EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory", SizeLimit = new ResourceQuantity("1Mi") } };
        await cluster.CreateAsync(ns, WithVolume(ShellPod("memory", "stat -f -c %T /data; head -c 2M /dev/zero 2>/dev/null > /data/x || echo full; exec sleep 1000"), volume));

        await cluster.ReadyPodAsync(ns, "memory");

        Assert.StartsWith("tmpfs", await cluster.LogAsync(ns, "memory", until: "full"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_DefaultClass_BindsAndKeepsContentFromPodToPod()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ClaimAsync(ns, "home", null);
        var volume = new V1Volume { PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "home" } };
        var writer = WithVolume(ShellPod("writer", "echo kept > /data/file"), volume);
        writer.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, writer);
        await cluster.PodAsync(ns, "writer", pod => pod.Status?.Phase == "Succeeded");

        await cluster.CreateAsync(ns, WithVolume(ShellPod("reader", "cat /data/file; exec sleep 1000"), volume));

        await cluster.ReadyPodAsync(ns, "reader");
        Assert.Equal("kept\n", await cluster.LogAsync(ns, "reader", until: "kept"));
    }

    [Fact]
    public async Task Claim_Deleted_TakesItsFolderAlong()
    {
        TestCluster.IsLocalClusterOrSkip("the folders of claims");
        var ns = await cluster.NewNamespaceAsync();
        await ClaimAsync(ns, "gone", null);
        await EventuallyAsync(async () => (await cluster.Client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("gone", ns, cancellationToken: Ct)).Status?.Phase == "Bound");
        var claim = await cluster.Client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("gone", ns, cancellationToken: Ct);
        var folder = (await cluster.Client.CoreV1.ReadPersistentVolumeAsync(claim.Spec.VolumeName, cancellationToken: Ct)).Spec.HostPath.Path;
        Assert.True(Directory.Exists(folder));

        await cluster.Client.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync("gone", ns, cancellationToken: Ct);

        await EventuallyAsync(() => Task.FromResult(!Directory.Exists(folder)));
    }

    [Fact]
    public async Task Claim_UnknownClass_StaysPendingAndSaysWhy()
    {
        var ns = await cluster.NewNamespaceAsync();

        await ClaimAsync(ns, "fast", "fast-disks");

        await EventuallyAsync(async () => (await cluster.EventsAsync(ns)).Any(known =>
            known is { Reason: "ProvisioningFailed", Message: "storageclass.storage.k8s.io \"fast-disks\" not found" }));
        Assert.Equal("Pending", (await cluster.Client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("fast", ns, cancellationToken: Ct)).Status.Phase);
    }

    [Fact]
    public async Task Mounts_SubPathProjectedAndNested_AllAppear()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ConfigMapAsync(ns, "settings", ("a", "one"));
        var pod = ShellPod("nested", "cat /outer/inner/a /etc/single; cat /projected/labels; echo; exec sleep 1000");
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "nested" };
        pod.Spec.Volumes =
        [
            new V1Volume { Name = "outer", EmptyDir = new V1EmptyDirVolumeSource() },
            new V1Volume { Name = "settings", ConfigMap = new V1ConfigMapVolumeSource { Name = "settings" } },
            new V1Volume
            {
                Name = "projected",
                Projected = new V1ProjectedVolumeSource
                {
                    Sources = [new V1VolumeProjection { DownwardAPI = new V1DownwardAPIProjection { Items = [new V1DownwardAPIVolumeFile { Path = "labels", FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.labels" } }] } }],
                },
            },
        ];
        // The inner mount stands first on purpose: order in the pod must not matter.
        pod.Spec.Containers[0].VolumeMounts =
        [
            new V1VolumeMount { Name = "settings", MountPath = "/outer/inner" },
            new V1VolumeMount { Name = "outer", MountPath = "/outer" },
            new V1VolumeMount { Name = "settings", MountPath = "/etc/single", SubPath = "a" },
            new V1VolumeMount { Name = "projected", MountPath = "/projected" },
        ];
        await cluster.CreateAsync(ns, pod);

        await cluster.ReadyPodAsync(ns, "nested");

        Assert.Equal("oneoneapp=\"nested\"\n", await cluster.LogAsync(ns, "nested", until: "nested"));
    }

    [Fact]
    public async Task Environment_ComesFromAllSources()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ConfigMapAsync(ns, "settings", ("FROM_MAP", "map"));
        var pod = ShellPod("environment", "echo $FROM_MAP $NAME $LIMIT $REFERENCE $KEPT; exec sleep 1000");
        pod.Spec.Containers[0].EnvFrom = [new V1EnvFromSource { ConfigMapRef = new V1ConfigMapEnvSource { Name = "settings" } }];
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("64Mi") } };
        pod.Spec.Containers[0].Env =
        [
            new V1EnvVar { Name = "NAME", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } } },
            new V1EnvVar { Name = "LIMIT", ValueFrom = new V1EnvVarSource { ResourceFieldRef = new V1ResourceFieldSelector { Resource = "limits.memory", Divisor = new ResourceQuantity("1Mi") } } },
            new V1EnvVar { Name = "REFERENCE", Value = "<$(NAME)>" },
            new V1EnvVar { Name = "KEPT", Value = "$$(NAME)" },
        ];
        await cluster.CreateAsync(ns, pod);

        await cluster.ReadyPodAsync(ns, "environment");

        Assert.Equal("map environment 64 <environment> $(NAME)\n", await cluster.LogAsync(ns, "environment", until: "\n"));
    }

    [Fact]
    public async Task Environment_MissingSecret_IsAConfigError()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("lacks", "true");
        pod.Spec.Containers[0].Env =
        [
            new V1EnvVar { Name = "KEY", ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = "absent", Key = "k" } } },
        ];
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "lacks", known => known.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError");

        Assert.Equal("secret \"absent\" not found", found.Status.ContainerStatuses[0].State.Waiting.Message);
    }

    private static V1Pod WithVolume(V1Pod pod, V1Volume volume)
    {
        volume.Name = "data";
        pod.Spec.Volumes = [volume];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        return pod;
    }

    private static V1ConfigMap NewConfigMap(string name, params (string Key, string Value)[] data) =>
        new() { Metadata = new V1ObjectMeta { Name = name }, Data = data.ToDictionary(pair => pair.Key, pair => pair.Value) };

    private Task<V1ConfigMap> ConfigMapAsync(string ns, string name, params (string Key, string Value)[] data) =>
        cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(NewConfigMap(name, data), ns, cancellationToken: Ct);

    private Task<V1PersistentVolumeClaim> ClaimAsync(string ns, string name, string? storageClass) => cluster.Client.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
        new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOnce"],
                StorageClassName = storageClass,
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        }, ns, cancellationToken: Ct);
}
