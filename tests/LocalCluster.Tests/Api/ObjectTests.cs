using System.Net;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Create, change, delete: conflicts, dry runs, validation, owners, finalizers, namespaces.</summary>
public sealed class ObjectTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Replace_StaleVersion_IsAConflictInTheServersWords()
    {
        var ns = await cluster.NamespaceAsync();
        var map = await cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), ns);
        map.Data = new Dictionary<string, string> { ["a"] = "1" };
        await cluster.Client.ReplaceNamespacedConfigMapAsync(map, "m", ns);
        map.Data["a"] = "2";
        var status = await Refused.WithAsync(HttpStatusCode.Conflict, () => cluster.Client.ReplaceNamespacedConfigMapAsync(map, "m", ns));
        Assert.Equal(
            "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again",
            status.Message);
    }

    [Fact]
    public async Task Create_DryRun_AnswersAsIfAndStoresNothing()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), ns, dryRun: "All");
        Assert.NotNull(made.Metadata.Uid);
        await Refused.WithAsync(HttpStatusCode.NotFound, () => cluster.Client.ReadNamespacedConfigMapAsync("m", ns));
    }

    [Fact]
    public async Task Create_InMissingNamespace_IsNotFound()
    {
        var status = await Refused.WithAsync(HttpStatusCode.NotFound, () => cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), "no-such-namespace"));
        Assert.Equal("namespaces \"no-such-namespace\" not found", status.Message);
    }

    [Fact]
    public async Task Create_WrongSpec_NamesEveryWrongField()
    {
        var ns = await cluster.NamespaceAsync();
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p" },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "Wrong_Name", Image = "i", VolumeMounts = [new V1VolumeMount { Name = "none", MountPath = "/x" }] }] },
        };
        var status = await Refused.WithAsync(HttpStatusCode.UnprocessableEntity, () => cluster.Client.CreateNamespacedPodAsync(pod, ns));
        Assert.Equal("Invalid", status.Reason);
        Assert.Equal(["spec.containers[0].name", "spec.containers[0].volumeMounts[0].name"], status.Details.Causes.Select(c => c.Field).Order());
    }

    [Fact]
    public async Task Create_GenerateName_MakesDistinctNames()
    {
        var ns = await cluster.NamespaceAsync();
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { GenerateName = "m-" } };
        var names = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            names.Add((await cluster.Client.CreateNamespacedConfigMapAsync(map, ns)).Metadata.Name);
        }

        Assert.Equal(5, names.Count);
        Assert.All(names, n => Assert.StartsWith("m-", n, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delete_WithFinalizer_WaitsUntilItIsRemoved()
    {
        var ns = await cluster.NamespaceAsync();
        var map = Map("m");
        map.Metadata.Finalizers = ["example.com/hold"];
        await cluster.Client.CreateNamespacedConfigMapAsync(map, ns);
        await cluster.Client.DeleteNamespacedConfigMapAsync("m", ns);
        var held = await cluster.Client.ReadNamespacedConfigMapAsync("m", ns);
        Assert.NotNull(held.Metadata.DeletionTimestamp);
        await cluster.Client.PatchNamespacedConfigMapAsync(new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), "m", ns);
        await Refused.WithAsync(HttpStatusCode.NotFound, () => cluster.Client.ReadNamespacedConfigMapAsync("m", ns));
    }

    [Fact]
    public async Task Delete_WrongUid_IsAConflict()
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), ns);
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "other" } };
        await Refused.WithAsync(HttpStatusCode.Conflict, () => cluster.Client.DeleteNamespacedConfigMapAsync("m", ns, options));
    }

    [Theory]
    [InlineData("Background", true)]
    [InlineData("Foreground", true)]
    [InlineData("Orphan", false)]
    public async Task Delete_Owner_TakesItsDependentsUnlessOrphaned(string policy, bool gone)
    {
        var ns = await cluster.NamespaceAsync();
        var owner = await cluster.Client.CreateNamespacedConfigMapAsync(Map("owner"), ns);
        var dependent = Map("dependent");
        dependent.Metadata.OwnerReferences =
            [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid, BlockOwnerDeletion = true }];
        await cluster.Client.CreateNamespacedConfigMapAsync(dependent, ns);

        await cluster.Client.DeleteNamespacedConfigMapAsync("owner", ns, propagationPolicy: policy);

        await Eventually.TrueAsync(async () => !await ExistsAsync(ns, "owner"), "the owner's end");
        if (gone)
        {
            await Eventually.TrueAsync(async () => !await ExistsAsync(ns, "dependent"), "the dependent's end");
        }
        else
        {
            Assert.Null((await cluster.Client.ReadNamespacedConfigMapAsync("dependent", ns)).Metadata.OwnerReferences);
        }
    }

    [Fact]
    public async Task Delete_Namespace_TakesEverythingInIt()
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), ns);
        await cluster.Client.DeleteNamespaceAsync(ns);
        await Eventually.TrueAsync(async () => (await cluster.Client.ListNamespaceAsync()).Items.All(n => n.Metadata.Name != ns), "the namespace's end");
        Assert.DoesNotContain((await cluster.Client.ListConfigMapForAllNamespacesAsync()).Items, m => m.Metadata.NamespaceProperty == ns);
    }

    [Fact]
    public async Task Patch_Strategic_DeletesAnItemByItsKeyAndKeepsOthers()
    {
        var ns = await cluster.NamespaceAsync();
        var set = await cluster.Client.CreateNamespacedStatefulSetAsync(Set("s"), ns);
        var patch = """{"spec":{"template":{"spec":{"containers":[{"name":"b","$patch":"delete"},{"name":"a","image":"a:2"}]}}}}""";
        var patched = await cluster.Client.PatchNamespacedStatefulSetAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "s", ns);
        var container = Assert.Single(patched.Spec.Template.Spec.Containers);
        Assert.Equal(("a", "a:2"), (container.Name, container.Image));
        Assert.Equal(set.Metadata.Generation + 1, patched.Metadata.Generation);
    }

    [Fact]
    public async Task Patch_Json_AppliesAllOperationsOrNone()
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.CreateNamespacedConfigMapAsync(Map("m"), ns);
        var patch = """[{"op":"add","path":"/data","value":{"a":"1"}},{"op":"test","path":"/data/a","value":"2"}]""";
        await Refused.WithAsync(
            HttpStatusCode.UnprocessableEntity, () => cluster.Client.PatchNamespacedConfigMapAsync(new V1Patch(patch, V1Patch.PatchType.JsonPatch), "m", ns));
        Assert.Null((await cluster.Client.ReadNamespacedConfigMapAsync("m", ns)).Data);
    }

    [Fact]
    public async Task Update_ImmutableFieldsOfAStatefulSet_AreRefused()
    {
        var ns = await cluster.NamespaceAsync();
        var set = await cluster.Client.CreateNamespacedStatefulSetAsync(Set("s"), ns);
        set.Spec.ServiceName = "other";

        // The controller writes the status meanwhile: without a version this is no conflict.
        set.Metadata.ResourceVersion = null;
        var status = await Refused.WithAsync(HttpStatusCode.UnprocessableEntity, () => cluster.Client.ReplaceNamespacedStatefulSetAsync(set, "s", ns));
        Assert.Contains("updates to statefulset spec for fields other than 'replicas'", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_InPages_ShowsOneMoment()
    {
        var ns = await cluster.NamespaceAsync();
        for (var i = 0; i < 5; i++)
        {
            await cluster.Client.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = $"s{i}" } }, ns);
        }

        var first = await cluster.Client.ListNamespacedSecretAsync(ns, limit: 2);
        await cluster.Client.DeleteNamespacedSecretAsync("s3", ns);
        var second = await cluster.Client.ListNamespacedSecretAsync(ns, limit: 10, continueParameter: first.Metadata.ContinueProperty);
        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], first.Items.Concat(second.Items).Select(s => s.Metadata.Name));
        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    private static V1ConfigMap Map(string name) => new() { Metadata = new V1ObjectMeta { Name = name } };

    private static V1StatefulSet Set(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1StatefulSetSpec
        {
            Replicas = 0,
            ServiceName = name,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["s"] = name } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["s"] = name } },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "a", Image = "a:1" }, new V1Container { Name = "b", Image = "b:1" }] },
            },
        },
    };

    private async Task<bool> ExistsAsync(string ns, string name) => (await cluster.Client.ListNamespacedConfigMapAsync(ns)).Items.Any(m => m.Metadata.Name == name);
}
