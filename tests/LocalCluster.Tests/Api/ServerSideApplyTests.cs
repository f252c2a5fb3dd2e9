using System.Net;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Server-side apply: who owns what, who conflicts with whom, and what goes when a manager leaves.</summary>
public sealed class ServerSideApplyTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Injected = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app"},"spec":{"template":{
          "metadata":{"labels":{"NAME.workspaces.dev/instance":"true"}},
          "spec":{"shareProcessNamespace":true,
            "initContainers":[{"name":"toolkit-NAME","image":"toolkit"}],
            "containers":[{"name":"ws-NAME","image":"workspace","ports":[{"containerPort":PORT}],"volumeMounts":[{"name":"v-NAME","mountPath":"/w"}]}],
            "volumes":[{"name":"v-NAME","emptyDir":{}}]}}}}
        """;

    [Fact]
    public async Task Apply_NameOnly_RemovesExactlyWhatTheManagerOwned()
    {
        var ns = await cluster.NamespaceAsync();
        var original = await CreateAppAsync(ns);
        var injected = await ApplyAsync(ns, Of("a", 2222), "injector.a");
        Assert.Equal(["main", "ws-a"], injected.Spec.Template.Spec.Containers.Select(c => c.Name));
        Assert.Equal(2, injected.Metadata.Generation);

        var ejected = await ApplyAsync(ns, NameOnly, "injector.a");

        Assert.Equal(KubernetesJson.Serialize(original.Spec), KubernetesJson.Serialize(ejected.Spec));
        Assert.DoesNotContain(ejected.Metadata.ManagedFields, f => f.Manager == "injector.a");
    }

    [Fact]
    public async Task Apply_TwoManagersOneField_StaysUntilTheSecondLeaves()
    {
        var ns = await cluster.NamespaceAsync();
        var original = await CreateAppAsync(ns);
        await ApplyAsync(ns, Of("a", 2222), "injector.a");
        await ApplyAsync(ns, Of("b", 2223), "injector.b");

        var one = await ApplyAsync(ns, NameOnly, "injector.a");
        Assert.True(one.Spec.Template.Spec.ShareProcessNamespace);
        Assert.Equal(["main", "ws-b"], one.Spec.Template.Spec.Containers.Select(c => c.Name));

        var none = await ApplyAsync(ns, NameOnly, "injector.b");
        Assert.Equal(KubernetesJson.Serialize(original.Spec), KubernetesJson.Serialize(none.Spec));
    }

    [Fact]
    public async Task Apply_AnothersFieldWithAnotherValue_IsAConflictThatNamesBoth()
    {
        var ns = await cluster.NamespaceAsync();
        await ApplyMapAsync(ns, "1", "first");

        var status = await Refused.WithAsync(HttpStatusCode.Conflict, () => ApplyMapAsync(ns, "2", "second"));

        Assert.Equal("Apply failed with 1 conflict: conflict with \"first\": .data.k", status.Message);
        var cause = Assert.Single(status.Details.Causes);
        Assert.Equal("FieldManagerConflict", cause.Reason);
        Assert.Equal(".data.k", cause.Field);
        Assert.Equal("conflict with \"first\"", cause.Message);
    }

    [Fact]
    public async Task Apply_Forced_TakesTheFieldFromItsOwner()
    {
        var ns = await cluster.NamespaceAsync();
        await ApplyMapAsync(ns, "1", "first");
        var taken = await ApplyMapAsync(ns, "2", "second", force: true);
        Assert.Equal("2", taken.Data["k"]);
        Assert.Equal("second", Assert.Single(taken.Metadata.ManagedFields).Manager);
    }

    [Fact]
    public async Task Apply_SameValue_SharesTheField()
    {
        var ns = await cluster.NamespaceAsync();
        await ApplyMapAsync(ns, "1", "first");
        var shared = await ApplyMapAsync(ns, "1", "second");
        Assert.Equal(["first", "second"], shared.Metadata.ManagedFields.Select(f => f.Manager).Order());
        Assert.All(shared.Metadata.ManagedFields, f => Assert.Equal("""{"f:data":{"f:k":{}}}""", KubernetesJson.Serialize(f.FieldsV1)));
    }

    [Fact]
    public async Task Apply_AgainUnchanged_MakesNoNewVersion()
    {
        var ns = await cluster.NamespaceAsync();
        var first = await ApplyMapAsync(ns, "1", "first");
        var again = await ApplyMapAsync(ns, "1", "first");
        Assert.Equal(first.Metadata.ResourceVersion, again.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Update_OfAnAppliedField_TakesItFromTheApplier()
    {
        var ns = await cluster.NamespaceAsync();
        var map = await ApplyMapAsync(ns, "1", "first");
        map.Data["k"] = "2";
        var updated = await cluster.Client.ReplaceNamespacedConfigMapAsync(map, "map", ns, fieldManager: "editor");
        var entry = Assert.Single(updated.Metadata.ManagedFields);
        Assert.Equal(("editor", "Update"), (entry.Manager, entry.Operation));

        var status = await Refused.WithAsync(HttpStatusCode.Conflict, () => ApplyMapAsync(ns, "1", "first"));
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"editor\" using v1", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_UnknownField_IsRefusedWithItsPath()
    {
        var ns = await cluster.NamespaceAsync();
        var patch = new V1Patch("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map"},"dota":{}}""", V1Patch.PatchType.ApplyPatch);
        var status = await Refused.WithAsync(HttpStatusCode.InternalServerError, () => cluster.Client.PatchNamespacedConfigMapAsync(patch, "map", ns, fieldManager: "first"));
        Assert.Contains(".dota: field not declared in schema", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_WithUidOfAnotherObject_IsRefused()
    {
        var ns = await cluster.NamespaceAsync();
        var uid = Guid.NewGuid().ToString();
        var patch = new V1Patch($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map","uid":"{{{uid}}}"}}""", V1Patch.PatchType.ApplyPatch);
        await Refused.WithAsync(HttpStatusCode.Conflict, () => cluster.Client.PatchNamespacedConfigMapAsync(patch, "map", ns, fieldManager: "first"));
        await Refused.WithAsync(HttpStatusCode.NotFound, () => cluster.Client.ReadNamespacedConfigMapAsync("map", ns));
        await ApplyMapAsync(ns, "1", "first");
        var status = await Refused.WithAsync(HttpStatusCode.UnprocessableEntity, () => cluster.Client.PatchNamespacedConfigMapAsync(patch, "map", ns, fieldManager: "first"));
        Assert.Equal($"ConfigMap \"map\" is invalid: metadata.uid: Invalid value: \"{uid}\": field is immutable", status.Message);
    }

    [Fact]
    public async Task Apply_PortAnnotationByManyAtOnce_GivesThePortToOne()
    {
        var ns = await cluster.NamespaceAsync();
        await CreateAppAsync(ns);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var body = $$$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app","annotations":{"workspaces.dev/port-2222":"{{{{i}}}}"}}}""";
            try
            {
                await ApplyAsync(ns, body, $"injector.{i}");
                return true;
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
            {
                return false;
            }
        }));
        Assert.Equal(1, outcomes.Count(won => won));
    }

    [Fact]
    public async Task ScaleWhileInjected_KeepsTheInjection()
    {
        var ns = await cluster.NamespaceAsync();
        await CreateAppAsync(ns);
        await ApplyAsync(ns, Of("a", 2222), "injector.a");
        await cluster.Client.PatchNamespacedDeploymentScaleAsync(new V1Patch("""{"spec":{"replicas":3}}""", V1Patch.PatchType.MergePatch), "app", ns);
        var scaled = await cluster.Client.ReadNamespacedDeploymentAsync("app", ns);
        Assert.Equal(3, scaled.Spec.Replicas);
        Assert.Contains(scaled.Spec.Template.Spec.Containers, c => c.Name == "ws-a");
        Assert.Contains(scaled.Metadata.ManagedFields, f => f.Subresource == "scale");
    }

    private static string NameOnly => """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app"}}""";

    private static string Of(string id, int port) =>
        Injected.Replace("NAME", id, StringComparison.Ordinal).Replace("PORT", $"{port}", StringComparison.Ordinal);

    private Task<V1Deployment> CreateAppAsync(string ns) => cluster.Client.CreateNamespacedDeploymentAsync(
        new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "app" },
            Spec = new V1DeploymentSpec
            {
                Replicas = 0,
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "app" } },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "app" } },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "main", Image = "main:1", Ports = [new V1ContainerPort { ContainerPort = 80 }] }] },
                },
            },
        },
        ns,
        fieldManager: "owner");

    private Task<V1Deployment> ApplyAsync(string ns, string body, string manager) =>
        cluster.Client.PatchNamespacedDeploymentAsync(new V1Patch(body, V1Patch.PatchType.ApplyPatch), "app", ns, fieldManager: manager);

    private Task<V1ConfigMap> ApplyMapAsync(string ns, string value, string manager, bool? force = null)
    {
        var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map"},"data":{"k":"{{{value}}}"}}""";
        return cluster.Client.PatchNamespacedConfigMapAsync(new V1Patch(body, V1Patch.PatchType.ApplyPatch), "map", ns, fieldManager: manager, force: force);
    }
}
