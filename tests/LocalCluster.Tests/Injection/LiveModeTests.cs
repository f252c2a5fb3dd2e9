using System.Net;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>Ephemeral containers by the API: what may be patched and what is refused.</summary>
public sealed class LiveModeTests(NodeFixture cluster)
{
    private const string Strategic = "application/strategic-merge-patch+json";

    [Fact]
    public async Task Apply_EphemeralContainersByNameAlone_IsInvalid()
    {
        var path = await PodAsync();
        var body = $$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"app"},"spec":{"ephemeralContainers":[{"name":"live","image":"{{Image}}","command":["sh","-c","{{Target.Runs}}"]}]} }
            """;
        (await cluster.Client.PatchAsync($"{path}?fieldManager=injector", body, "application/apply-patch+yaml")).Ok();

        var answer = await cluster.Client.PatchAsync(
            $"{path}?fieldManager=injector", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app"}}""", "application/apply-patch+yaml");

        Assert.StartsWith(
            "Pod \"app\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"live\" may not be removed",
            answer.Refused(HttpStatusCode.UnprocessableEntity),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ports", """[{"containerPort":2222}]""")]
    [InlineData("startupProbe", """{"exec":{"command":["true"]}}""")]
    [InlineData("readinessProbe", """{"exec":{"command":["true"]}}""")]
    [InlineData("livenessProbe", """{"exec":{"command":["true"]}}""")]
    [InlineData("lifecycle", """{"preStop":{"exec":{"command":["true"]}}}""")]
    [InlineData("resources", """{"limits":{"cpu":"1"}}""")]
    public async Task Patch_WhatAnEphemeralContainerCannotHave_IsInvalid(string field, string value)
    {
        var path = await PodAsync();

        var answer = await AddAsync(path, "live", $$"""
            , "{{field}}": {{value}}
            """);

        Assert.Equal(
            $"Pod \"app\" is invalid: spec.ephemeralContainers[0].{field}: Forbidden: cannot be set for an Ephemeral Container", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Patch_TargetThatIsNoContainer_IsInvalid()
    {
        var path = await PodAsync();

        var answer = await AddAsync(path, "live", """, "targetContainerName": "nobody" """);

        Assert.Equal("Pod \"app\" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: \"nobody\"", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Patch_NewContainer_RunsAndIsNeverReadyAndThePodStaysReady()
    {
        var path = await PodAsync();

        (await AddAsync(path, "live")).Ok();

        var pod = await LivePodAsync(path, status => status.State.Running is not null);
        Assert.False(pod.Status.EphemeralContainerStatuses[0].Ready);
        Assert.Equal(0, pod.Status.ContainerStatuses[0].RestartCount);
        Assert.True(IsReady(pod));
    }

    [Fact]
    public async Task Patch_SameNameAgainAfterTheEnd_IsAcceptedAndDoesNothing()
    {
        var path = await PodAsync();
        (await AddAsync(path, "live", script: "exit 3")).Ok();
        var before = await LivePodAsync(path, status => status.State.Terminated?.ExitCode == 3);

        var again = (await AddAsync(path, "live", script: "exit 3")).Ok();

        // A new name, and what it brings, shows that the pod was looked at since.
        (await AddAsync(path, "live-2")).Ok();
        var after = await LivePodAsync(path, status => status.State.Running is not null, "live-2");
        var ended = after.Status.EphemeralContainerStatuses.Single(status => status.Name == "live");
        Assert.Equal(before.Status.EphemeralContainerStatuses[0].State.Terminated.FinishedAt, ended.State.Terminated.FinishedAt);
        Assert.Equal(0, ended.RestartCount);
        Assert.Equal(before.Metadata.Generation, (long)again["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task Patch_SameNameAnotherCommand_IsInvalid()
    {
        var path = await PodAsync();
        (await AddAsync(path, "live", script: "exit 3")).Ok();

        var answer = await AddAsync(path, "live", script: "exit 4");

        Assert.StartsWith(
            "Pod \"app\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"live\" may not be changed",
            answer.Refused(HttpStatusCode.UnprocessableEntity),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_InANamespaceWithAFullQuota_IsNotCounted()
    {
        var path = await PodAsync(resources: true);
        var ns = path.Split('/')[3];
        var quota = $"api/v1/namespaces/{ns}/resourcequotas";
        (await cluster.Client.PostAsync(quota, """{"metadata":{"name":"full"},"spec":{"hard":{"pods":"1","requests.cpu":"10m","limits.memory":"32Mi"}}}""")).Ok();
        await Eventually.TrueAsync(async () => (string?)(await cluster.Client.GetAsync($"{quota}/full")).Ok()["status"]?["used"]?["requests.cpu"] == "10m", "the quota's use");

        (await AddAsync(path, "live")).Ok();

        await LivePodAsync(path, status => status.State.Running is not null);
        Assert.Equal(
            """{"limits.memory":"32Mi","pods":"1","requests.cpu":"10m"}""",
            (await cluster.Client.GetAsync($"{quota}/full")).Ok()["status"]!["used"]!.ToJsonString());
    }

    [Fact]
    public async Task Patch_InARestrictedNamespace_IsRefusedAtOnce()
    {
        var path = await PodAsync();
        (await cluster.Client.PatchAsync(
            $"api/v1/namespaces/{path.Split('/')[3]}", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""", "application/merge-patch+json")).Ok();

        await Eventually.TrueAsync(async () => (await cluster.Client.PatchAsync(
            $"{path}?dryRun=All", $$"""{"spec":{"ephemeralContainers":[{"name":"probe","image":"{{Image}}"}]} }""", Strategic)).Code == HttpStatusCode.Forbidden, "the label to be heeded");

        var answer = await AddAsync(path, "live");

        Assert.StartsWith(
            "pods \"app\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (containers \"main\", \"live\" must set securityContext.allowPrivilegeEscalation=false), ",
            answer.Refused(HttpStatusCode.Forbidden),
            StringComparison.Ordinal);
    }

    /// <summary>A running pod; gives the path of its subresource.</summary>
    private async Task<string> PodAsync(bool resources = false)
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("app", Target.Runs);
        if (resources)
        {
            var amounts = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("10m"), ["memory"] = new("32Mi") };
            pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = amounts, Limits = amounts };
        }

        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "app");
        return $"api/v1/namespaces/{ns}/pods/app/ephemeralcontainers";
    }

    private Task<Answer> AddAsync(string path, string name, string more = "", string script = Target.Runs) => cluster.Client.PatchAsync(
        path, $$"""{"spec":{"ephemeralContainers":[{"name":"{{name}}","image":"{{Image}}","command":["sh","-c","{{script}}"]{{more}} }]} }""", Strategic);

    private Task<V1Pod> LivePodAsync(string path, Func<V1ContainerStatus, bool> wanted, string name = "live") => cluster.PodAsync(
        path.Split('/')[3], "app", pod => pod.Status?.EphemeralContainerStatuses?.SingleOrDefault(status => status.Name == name) is { } found && wanted(found));
}
