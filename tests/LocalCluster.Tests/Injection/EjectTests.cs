using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>
/// An ejection leaves what the owner made of the workload meanwhile, and nothing else. A twin that is never injected gets the same commands of the owner, and in the
/// end has the same spec. The workloads have no pods; their history is recorded all the same.
/// </summary>
public sealed class EjectTests(NodeFixture cluster)
{
    /// <summary>Kinds and what the owner does: i and e are injection and ejection, the rest see <see cref="OwnerAsync"/>.</summary>
    public static TheoryData<string, string> Courses()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in new[] { "Deployment", "StatefulSet", "DaemonSet" })
        {
            foreach (var course in new[] { "i apply e", "i image e", "image undo i e", "image i undo e", "i e image previous" })
            {
                data.Add(kind, course);
            }
        }

        data.Add("Deployment", "i e");
        data.Add("Deployment", "i restart e");
        data.Add("Deployment", "image i apply e");
        data.Add("Deployment", "i scale e");
        data.Add("StatefulSet", "i scale e");
        return data;
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public async Task Eject_WhateverTheOwnerDidMeanwhile_RestoresTheSpec(string kind, string course)
    {
        var (target, twin) = await TwinsAsync(kind);
        var injected = new Injected("x");

        foreach (var step in course.Split(' '))
        {
            switch (step)
            {
                case "i":
                    (await target.InjectAsync(injected)).Ok();
                    break;
                case "e":
                    (await target.EjectAsync(injected)).Ok();
                    break;
                default:
                    await OwnerAsync(target, step);
                    await OwnerAsync(twin, step);
                    break;
            }

            await target.ObservedAsync();
            await twin.ObservedAsync();
        }

        var (found, wanted) = (await target.ReadAsync(), await twin.ReadAsync());
        Assert.Equal(Comparable(wanted, "twin"), Comparable(found, "app"));
        Assert.DoesNotContain(injected.Manager, found["metadata"]!["managedFields"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("workspaces.dev", found["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Undo_ToAnInjectedRevision_BringsTheContainerBackOwnedByKubectl(string kind)
    {
        var (target, _) = await TwinsAsync(kind);
        var injected = new Injected("x");
        (await target.InjectAsync(injected)).Ok();
        await target.ObservedAsync();
        (await target.EjectAsync(injected)).Ok();
        await target.ObservedAsync();

        await target.KubectlOkAsync("rollout", "undo", $"{kind.ToLowerInvariant()}/app");

        var found = await target.ReadAsync();
        Assert.Contains(Target.Template(found)["spec"]!["containers"]!.AsArray(), container => (string)container!["name"]! == injected.Container);
        var owner = Assert.Single(found["metadata"]!["managedFields"]!.AsArray(), entry => entry!.ToJsonString().Contains($"k:{{\\u0022name\\u0022:\\u0022{injected.Container}", StringComparison.Ordinal));
        Assert.Equal(("kubectl", "Update"), ((string)owner!["manager"]!, (string)owner["operation"]!));

        // A second ejection finds nothing of its own.
        (await target.EjectAsync(injected)).Ok();
        Assert.Contains(injected.Container, Target.Spec(await target.ReadAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deployment", "replicasets")]
    [InlineData("StatefulSet", "controllerrevisions")]
    [InlineData("DaemonSet", "controllerrevisions")]
    public async Task Undo_AfterTheHistoryOfTheInjectionIsDeleted_DoesNotBringItBack(string kind, string history)
    {
        var (target, _) = await TwinsAsync(kind);
        var injected = new Injected("x");
        (await target.InjectAsync(injected)).Ok();
        await target.ObservedAsync();
        (await target.EjectAsync(injected)).Ok();
        await target.ObservedAsync();
        var before = Target.Spec(await target.ReadAsync());

        foreach (var revision in (await cluster.Client.GetAsync($"apis/apps/v1/namespaces/{target.Namespace}/{history}")).Ok()["items"]!.AsArray())
        {
            if (revision!.ToJsonString().Contains(injected.Label, StringComparison.Ordinal))
            {
                await target.KubectlOkAsync("delete", history, (string)revision["metadata"]!["name"]!);
            }
        }

        var undo = await target.KubectlAsync(["rollout", "undo", $"{kind.ToLowerInvariant()}/app"]);

        Assert.True(undo.ExitCode != 0, undo.ToString());
        Assert.StartsWith("error: no ", undo.Errors, StringComparison.Ordinal);
        await target.ObservedAsync();
        Assert.Equal(before, Target.Spec(await target.ReadAsync()));
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Undo_WhileInjected_TakesTheInjectionOutAndNothingElse(string kind)
    {
        var (target, twin) = await TwinsAsync(kind);
        await OwnerAsync(target, "image");
        await OwnerAsync(twin, "image");
        await target.ObservedAsync();
        var injected = new Injected("x");
        (await target.InjectAsync(injected)).Ok();
        await target.ObservedAsync();

        await target.KubectlOkAsync("rollout", "undo", $"{kind.ToLowerInvariant()}/app");

        var undone = await target.ObservedAsync();
        Assert.Equal(Comparable(await twin.ReadAsync(), "twin"), Comparable(undone, "app"));
        (await target.EjectAsync(injected)).Ok();
        Assert.Equal(Comparable(await twin.ReadAsync(), "twin"), Comparable(await target.ReadAsync(), "app"));
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Remove_InjectionWithoutAnApplier_ByStrategicPatchOfItsElements(string kind)
    {
        var (target, _) = await TwinsAsync(kind);
        var before = Target.Spec(await target.ReadAsync());
        var injected = new Injected("x");
        (await target.InjectAsync(injected)).Ok();
        await target.ObservedAsync();
        (await target.EjectAsync(injected)).Ok();
        await target.ObservedAsync();
        await target.KubectlOkAsync("rollout", "undo", $"{kind.ToLowerInvariant()}/app");
        Assert.NotEqual(before, Target.Spec(await target.ReadAsync()));

        (await target.StrategicAsync(
            $$$"""
            {
              "spec": {"template": {
                "metadata": {"labels": {"{{{injected.Label}}}": null}, "annotations": {"{{{injected.Label}}}": null}},
                "spec": {
                  "shareProcessNamespace": null,
                  "volumes": [{"$patch": "delete", "name": "{{{injected.Container}}}"}],
                  "initContainers": [{"$patch": "delete", "name": "toolkit-x"}],
                  "containers": [{"$patch": "delete", "name": "{{{injected.Container}}}"}]
                }
              } }
            }
            """,
            "workspaces-injector")).Ok();

        Assert.Equal(Normal(JsonNode.Parse(before)!), Normal(JsonNode.Parse(Target.Spec(await target.ReadAsync()))!));
    }

    [Fact]
    public async Task Delete_TargetAndOrphanItsDependents_StripsTheirOwnerReferences()
    {
        var (target, _) = await TwinsAsync("Deployment");
        var body = $$"""
            {
              "metadata": {"name": "keys", "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "app", "uid": "{{await target.UidAsync()}}"}]},
              "stringData": {"key": "value"}
            }
            """;
        (await cluster.Client.PostAsync($"api/v1/namespaces/{target.Namespace}/secrets", body)).Ok();

        await target.KubectlOkAsync("delete", "deployment", "app", "--cascade=orphan", "--timeout=60s");

        var secret = (await cluster.Client.GetAsync($"api/v1/namespaces/{target.Namespace}/secrets/keys")).Ok();
        Assert.Null(secret["metadata"]!["ownerReferences"]);
    }

    private async Task<(Target Target, Target Twin)> TwinsAsync(string kind)
    {
        var ns = await cluster.NewNamespaceAsync();
        var (target, twin) = (new Target(cluster, ns, kind, "app"), new Target(cluster, ns, kind, "twin"));
        foreach (var each in new[] { target, twin })
        {
            await OwnerAsync(each, "apply");
            await each.ObservedAsync();
        }

        return (target, twin);
    }

    /// <summary>What an owner does, by stock kubectl.</summary>
    private static async Task OwnerAsync(Target target, string step)
    {
        var workload = $"{target.Kind.ToLowerInvariant()}/{target.Name}";
        switch (step)
        {
            case "apply":
                var manifest = target.Manifest(0, change => Target.Template(change)["spec"]!["nodeSelector"] = new JsonObject { ["nowhere"] = "true" });
                var run = await target.KubectlAsync(["apply", "-f", "-"], manifest.ToJsonString());
                Assert.True(run.ExitCode == 0, run.ToString());
                break;
            case "image":
                await target.KubectlOkAsync("set", "image", workload, "main=other/image:2");
                break;
            case "scale":
                await target.KubectlOkAsync("scale", workload, "--replicas=1");
                break;
            case "restart":
                await target.StrategicAsync("""{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}}}}}""", "kubectl-rollout");
                break;
            case "previous":
                await target.KubectlOkAsync("rollout", "undo", workload);
                break;
            case "undo":
                await target.KubectlOkAsync("rollout", "undo", workload, "--to-revision=1");
                break;
            default:
                throw new ArgumentException($"No step {step}", nameof(step));
        }
    }

    private static string Comparable(JsonObject workload, string name) => Normal(JsonNode.Parse(Target.Spec(workload, name))!);

    /// <summary>Text that is the same for the same JSON; empty maps and lists are as good as none.</summary>
    private static string Normal(JsonNode node) => Sorted(node)?.ToJsonString() ?? "";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map when map.Count == 0 => null,
        JsonObject map => new JsonObject(map.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => KeyValuePair.Create(each.Key, Sorted(each.Value))).Where(each => each.Value is not null)),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
