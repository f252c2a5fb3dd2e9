using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>The apply that injects: races, the uid, ports, and owners who have decided otherwise. The workloads have no pods.</summary>
public sealed class ApplyTests(NodeFixture cluster)
{
    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Inject_SeveralWorkspacesAtOnce_AllAreThere(string kind)
    {
        var target = await IdleAsync(kind);
        var before = Target.Spec(await target.ReadAsync());
        var all = Enumerable.Range(0, 6).Select(i => new Injected($"w{i}") { Port = 2222 + i }).ToList();

        var answers = await Task.WhenAll(all.Select(each => target.InjectAsync(each)));

        Assert.All(answers, answer => answer.Ok());
        var template = Target.Template(await target.ReadAsync());
        Assert.Equal(
            [.. all.Select(each => each.Container).Prepend("main").Order(StringComparer.Ordinal)],
            template["spec"]!["containers"]!.AsArray().Select(container => (string)container!["name"]!).Order(StringComparer.Ordinal));
        Assert.True((bool)template["spec"]!["shareProcessNamespace"]!);

        // What they own together goes with the last of them.
        foreach (var each in all.SkipLast(1))
        {
            Assert.True((bool)Target.Template((await target.EjectAsync(each)).Ok())["spec"]!["shareProcessNamespace"]!);
        }

        Assert.Equal(before, Target.Spec((await target.EjectAsync(all[^1])).Ok()));
    }

    [Fact]
    public async Task Inject_TargetThatIsDeleted_IsAConflictAndMakesNoNewOne()
    {
        var target = await IdleAsync("Deployment");
        var uid = await target.UidAsync();
        await target.KubectlOkAsync("delete", "deployment", "app");
        var injected = new Injected("late");

        var answer = await target.ApplyAsync(injected.Manager, injected.Patch("Deployment", "app", uid));

        Assert.Equal(
            $"Operation cannot be fulfilled on deployments.apps \"app\": uid mismatch: the provided object specified uid {uid}, and no existing object was found",
            answer.Refused(HttpStatusCode.Conflict));
        (await cluster.Client.GetAsync(target.Path)).Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Inject_TargetThatIsMadeAnew_IsInvalidAndChangesNothing()
    {
        var target = await IdleAsync("Deployment");
        var uid = await target.UidAsync();
        await target.KubectlOkAsync("delete", "deployment", "app");
        await Target.CreateAsync(cluster, "Deployment", replicas: 0, ns: target.Namespace);
        var before = Target.Spec(await target.ReadAsync());
        var injected = new Injected("late");

        var answer = await target.ApplyAsync(injected.Manager, injected.Patch("Deployment", "app", uid));

        Assert.Equal($"Deployment.apps \"app\" is invalid: metadata.uid: Invalid value: \"{uid}\": field is immutable", answer.Refused(HttpStatusCode.UnprocessableEntity));
        Assert.Equal(before, Target.Spec(await target.ReadAsync()));
    }

    [Fact]
    public async Task Inject_SixRacersForPorts_GetSixPorts()
    {
        var target = await IdleAsync("Deployment");

        var ports = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ReserveAsync(target, $"racer{i}")));

        Assert.Equal(Enumerable.Range(2222, 6), ports.Order());
        var annotations = (await target.ReadAsync())["metadata"]!["annotations"]!.AsObject().Where(each => each.Key.StartsWith("workspaces.dev/port-", StringComparison.Ordinal));
        Assert.Equal(ports.Select((port, i) => ($"workspaces.dev/port-{port}", $"racer{i}")).Order(), annotations.Select(each => (each.Key, (string)each.Value!)).Order());
    }

    [Fact]
    public async Task Inject_OwnerDoesNotShareProcesses_IsAConflictAndForcingLosesTheOwnersValue()
    {
        var target = await IdleAsync("Deployment", manifest => Spec(manifest)["shareProcessNamespace"] = false);
        var injected = new Injected("bold");

        var answer = await target.InjectAsync(injected);

        Assert.Equal("Apply failed with 1 conflict: conflict with \"owner\" using apps/v1: .spec.template.spec.shareProcessNamespace", answer.Refused(HttpStatusCode.Conflict));
        Assert.False((bool)Target.Template(await target.ReadAsync())["spec"]!["shareProcessNamespace"]!);

        (await target.InjectAsync(injected, "&force=true")).Ok();
        var ejected = (await target.EjectAsync(injected)).Ok();
        Assert.Null(Target.Template(ejected)["spec"]!["shareProcessNamespace"]);
    }

    [Fact]
    public async Task Inject_PodWithTheHostsProcesses_IsInvalidUnlessTheFieldIsLeftOut()
    {
        var target = await IdleAsync("Deployment", manifest => Spec(manifest)["hostPID"] = true);

        var answer = await target.InjectAsync(new Injected("host"));

        Assert.Equal(
            "Deployment.apps \"app\" is invalid: spec.template.spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
            answer.Refused(HttpStatusCode.UnprocessableEntity));
        (await target.InjectAsync(new Injected("host") { SharesProcesses = null })).Ok();
    }

    [Theory]
    [InlineData("""{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"10m","memory":"16Mi"}}""", "Guaranteed")]
    [InlineData("""{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"10m","memory":"32Mi"}}""", "Burstable")]
    [InlineData("{}", "Burstable")]
    public async Task Inject_PodOfClassGuaranteed_StaysSoOnlyWithEqualRequestsAndLimits(string resources, string expected)
    {
        var target = await IdleAsync(
            "Deployment", manifest => Spec(manifest)["containers"]![0]!["resources"] = JsonNode.Parse("""{"limits":{"cpu":"10m","memory":"16Mi"}}"""));
        const string toolkit = """{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"10m","memory":"16Mi"}}""";
        Assert.Equal("Guaranteed", await ClassAsync(target, await target.ReadAsync()));

        var patch = JsonNode.Parse(new Injected("q") { More = $$"""{"resources":{{resources}}}""" }.Patch("Deployment", "app", null))!;
        patch["spec"]!["template"]!["spec"]!["initContainers"]![0]!["resources"] = JsonNode.Parse(toolkit);
        var applied = (await target.ApplyAsync("q", patch.ToJsonString(), "&dryRun=All")).Ok();

        Assert.Equal(expected, await ClassAsync(target, applied));
    }

    [Fact]
    public async Task Inject_EmptyDirOverTheTokensPath_KeepsTheTokenOutOfTheContainer()
    {
        const string path = "/var/run/secrets/kubernetes.io/serviceaccount";
        var target = await IdleAsync("Deployment", manifest => Spec(manifest).Remove("automountServiceAccountToken"));
        var injected = new Injected("mask") { More = $$"""{"volumeMounts":[{"name":"workspace-mask","mountPath":"{{path}}"}]}""" };
        var applied = (await target.InjectAsync(injected)).Ok();

        var pod = (await Preflight.PodAsync(target, applied)).Ok();

        var mounts = pod["spec"]!["containers"]!.AsArray().ToDictionary(
            container => (string)container!["name"]!, container => (string)container!["volumeMounts"]!.AsArray().Single(mount => (string)mount!["mountPath"]! == path)!["name"]!);
        Assert.Equal("workspace-mask", mounts[injected.Container]);
        Assert.StartsWith("kube-api-access-", mounts["main"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"spec":{"serviceName":"other"}}""")]
    [InlineData("""{"spec":{"volumeClaimTemplates":[{"metadata":{"name":"home"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Mi"}}}}]}}""")]
    public async Task Change_WhatAStatefulSetCannotChange_IsInvalid(string patch)
    {
        var target = await IdleAsync("StatefulSet");

        var message = (await target.StrategicAsync(patch)).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(
            "StatefulSet.apps \"app\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
            + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
            message);
    }

    /// <summary>A workload that has no pods.</summary>
    private Task<Target> IdleAsync(string kind, Action<JsonObject>? change = null) => Target.CreateAsync(cluster, kind, replicas: 0, manifest =>
    {
        Spec(manifest)["nodeSelector"] = new JsonObject { ["nowhere"] = "true" };
        change?.Invoke(manifest);
    });

    private static JsonObject Spec(JsonObject manifest) => Target.Template(manifest)["spec"]!.AsObject();

    private static async Task<string> ClassAsync(Target target, JsonObject workload) =>
        (string)(await Preflight.PodAsync(target, workload)).Ok()["status"]!["qosClass"]!;

    /// <summary>Takes the first port whose annotation is free.</summary>
    private static async Task<int> ReserveAsync(Target target, string id)
    {
        for (var port = 2222; ; port++)
        {
            var answer = await target.InjectAsync(new Injected(id) { Port = port });
            if (answer.Code != HttpStatusCode.Conflict)
            {
                answer.Ok();
                return port;
            }

            Assert.EndsWith($".metadata.annotations.workspaces.dev/port-{port}", answer.Message, StringComparison.Ordinal);
        }
    }
}
