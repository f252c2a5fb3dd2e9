using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>Pods that quota, limits or Pod Security refuse: what a preflight hears, and what becomes of the workload that was injected all the same.</summary>
public sealed class RefusedPodTests(NodeFixture cluster)
{
    private const string Resources = """{"resources":{"requests":{"cpu":"300m","memory":"8Mi"},"limits":{"cpu":"300m","memory":"8Mi"}}}""";

    [Fact]
    public async Task Preflight_OverTheQuota_AnswersInTheServersWords()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", replicas: 0);
        await PostAsync(target, "resourcequotas", """{"metadata":{"name":"small"},"spec":{"hard":{"requests.cpu":"200m"}}}""");
        var injected = new Injected("q") { More = Resources };

        var answer = await Preflight.InjectAsync(target, injected);

        Assert.Matches("^pods \"preflight-[a-z0-9]{5}\" is forbidden: failed quota: small: must specify requests.cpu for: main,toolkit-q$", answer.Refused(HttpStatusCode.Forbidden));
        await HasSaidNothingAsync(target, injected);
    }

    [Fact]
    public async Task Preflight_OverTheLimitRange_AnswersInTheServersWords()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", replicas: 0);
        await LimitAsync(target);
        var injected = new Injected("l") { More = Resources };

        var answer = await Preflight.InjectAsync(target, injected);

        Assert.Matches("^pods \"preflight-[a-z0-9]{5}\" is forbidden: maximum cpu usage per Container is 100m, but limit is 300m$", answer.Refused(HttpStatusCode.Forbidden));
        await HasSaidNothingAsync(target, injected);
    }

    [Fact]
    public async Task Preflight_AgainstPodSecurity_AnswersInTheServersWordsWhereTheApplyOnlyWarns()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", replicas: 0);
        (await cluster.Client.PatchAsync(
            $"api/v1/namespaces/{target.Namespace}",
            """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline","pod-security.kubernetes.io/warn":"baseline"}}}""",
            "application/merge-patch+json")).Ok();
        var injected = new Injected("p") { More = """{"securityContext":{"capabilities":{"add":["SYS_PTRACE"]}}}""" };
        await Eventually.TrueAsync(
            async () => (await cluster.Client.PostAsync(
                $"api/v1/namespaces/{target.Namespace}/pods?dryRun=All", """{"metadata":{"name":"probe"},"spec":{"hostPID":true,"containers":[{"name":"c","image":"i"}]}}""")).Code == HttpStatusCode.Forbidden,
            "the label to be heeded");
        const string violation =
            "PodSecurity \"baseline:latest\": non-default capabilities (container \"workspace-p\" must not include \"SYS_PTRACE\" in securityContext.capabilities.add)";

        var refused = await Preflight.InjectAsync(target, injected);
        var applied = await target.InjectAsync(injected);

        Assert.Matches("^pods \"preflight-[a-z0-9]{5}\" is forbidden: violates ", refused.Refused(HttpStatusCode.Forbidden));
        Assert.EndsWith($"violates {violation}", refused.Message, StringComparison.Ordinal);
        applied.Ok();
        Assert.Equal([$"would violate {violation}"], applied.Warnings);
    }

    /// <summary>StatefulSets and DaemonSets replace in place, so a quota that is exactly full refuses the preflight and not the rollout.</summary>
    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Preflight_QuotaOfPodsExactlyFull_IsRefusedThoughTheRolloutSucceeds(string kind)
    {
        var target = await Target.CreateAsync(cluster, kind);
        await target.RolledOutAsync();
        var pods = (await target.PodsAsync()).Count;
        await PostAsync(target, "resourcequotas", $$$$"""{"metadata":{"name":"full"},"spec":{"hard":{"pods":"{{{{pods}}}}"}}}""");
        await Eventually.TrueAsync(
            async () => (string?)(await cluster.Client.GetAsync($"api/v1/namespaces/{target.Namespace}/resourcequotas/full")).Ok()["status"]?["used"]?["pods"] == $"{pods}", "the quota's use");
        var injected = new Injected("full");

        var answer = await Preflight.InjectAsync(target, injected);
        Assert.EndsWith($"is forbidden: exceeded quota: full, requested: pods=1, used: pods={pods}, limited: pods={pods}", answer.Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);

        (await target.InjectAsync(injected)).Ok();
        await target.RolledOutAsync();
        Assert.All(await target.PodsAsync(), pod => Assert.True(Target.IsInjected(pod)));
    }

    [Fact]
    public async Task Inject_RefusedPodsOfADeployment_LeaveTheOldOneAndTellByEventConditionAndDeadline()
    {
        var target = await Target.CreateAsync(cluster, "Deployment", change: manifest => manifest["spec"]!["progressDeadlineSeconds"] = 3);
        await target.RolledOutAsync();
        await LimitAsync(target);

        (await target.InjectAsync(new Injected("r") { More = Resources })).Ok();

        var found = await target.UntilAsync(now => (string?)Target.Condition(now, "Progressing")?["reason"] == "ProgressDeadlineExceeded", "past its deadline");
        var failure = Target.Condition(found, "ReplicaFailure")!;
        Assert.Equal(("True", "FailedCreate"), ((string)failure["status"]!, (string)failure["reason"]!));
        Assert.EndsWith("is forbidden: maximum cpu usage per Container is 100m, but limit is 300m", (string)failure["message"]!, StringComparison.Ordinal);
        Assert.Equal("False", (string)Target.Condition(found, "Progressing")!["status"]!);
        var pod = Assert.Single(await target.PodsAsync());
        Assert.True(NodeFixture.IsReady(pod) && !Target.IsInjected(pod));
        Assert.Contains(await target.EventsAsync(), text => IsFailedCreate(text, "ReplicaSet"));
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public async Task Inject_RefusedPodsThatReplaceInPlace_AreAnOutage(string kind)
    {
        var target = await Target.CreateAsync(cluster, kind, change: manifest =>
        {
            if (kind == "DaemonSet")
            {
                manifest["spec"]!["updateStrategy"] = JsonNode.Parse("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"100%"}}""");
            }
        });
        await target.RolledOutAsync();
        await LimitAsync(target);

        (await target.InjectAsync(new Injected("r") { More = Resources })).Ok();

        await Eventually.TrueAsync(async () => (await target.EventsAsync()).Any(text => IsFailedCreate(text, kind)), "FailedCreate");
        await target.PodsAsync(pods => pods.Count == 0, "gone");
        var found = await target.ObservedAsync();
        Assert.Null(Target.Condition(found, "ReplicaFailure"));
        Assert.Null(Target.Condition(found, "Progressing"));

        // Taken back, the workload makes its pods again.
        (await target.EjectAsync(new Injected("r"))).Ok();
        await target.RolledOutAsync();
    }

    private static bool IsFailedCreate(string text, string kind) =>
        text.StartsWith($"FailedCreate {kind}/app", StringComparison.Ordinal) && text.Contains("maximum cpu usage per Container is 100m, but limit is 300m", StringComparison.Ordinal);

    /// <summary>The apply that changes the workload says nothing of what its pods will meet.</summary>
    private static async Task HasSaidNothingAsync(Target target, Injected injected)
    {
        var applied = await target.InjectAsync(injected);
        applied.Ok();
        Assert.Empty(applied.Warnings);
    }

    private static Task LimitAsync(Target target) => PostAsync(
        target,
        "limitranges",
        """{"metadata":{"name":"small"},"spec":{"limits":[{"type":"Container","max":{"cpu":"100m"},"default":{"cpu":"50m"},"defaultRequest":{"cpu":"1m"}}]}}""");

    private static async Task PostAsync(Target target, string resource, string body) =>
        (await target.Cluster.Client.PostAsync($"api/v1/namespaces/{target.Namespace}/{resource}", body)).Ok();
}
