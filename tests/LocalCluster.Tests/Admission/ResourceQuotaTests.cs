using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>ResourceQuotas: what counts, in the server's words what does not fit, and a status that stays true.</summary>
public sealed class ResourceQuotaTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task CreatePod_OverTheNumber_IsRefusedAndNotCounted()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"2"}}""");
        (await PodAsync(ns, "a")).Ok();
        (await PodAsync(ns, "b")).Ok();

        var answer = await PodAsync(ns, "c");

        Assert.Equal("pods \"c\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2", answer.Refused(HttpStatusCode.Forbidden));
        Assert.Equal("2", await UsedAsync(ns, "pods"));
    }

    [Fact]
    public async Task CreatePod_ByManyAtOnce_LetsInExactlyAsManyAsFit()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"5"}}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PodAsync(ns, $"p{i}")));

        Assert.Equal(5, answers.Count(a => a.Code == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Code != HttpStatusCode.Created), a => Assert.Contains("exceeded quota: q, requested: pods=1", a.Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal));
        Assert.Equal("5", await UsedAsync(ns, "pods"));
        Assert.Equal(5, (await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/pods")).Ok()["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task CreatePod_WithGenerateName_IsRefusedUnderItsGeneratedName()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"0"}}""");
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", """{"metadata":{"generateName":"web-"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        Assert.Matches("^pods \"web-[a-z0-9]{5}\" is forbidden: exceeded quota: q, ", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreatePod_DryRun_IsHeldAgainstTheQuotaAndNotCharged()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"1"}}""");
        (await PodAsync(ns, "a", query: "?dryRun=All")).Ok();
        Assert.Equal("0", await UsedAsync(ns, "pods"));
        (await PodAsync(ns, "a")).Ok();

        var answer = await PodAsync(ns, "b", query: "?dryRun=All");

        Assert.Equal("pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreatePod_WithoutAResourceThatIsLimited_IsToldWhatToSpecify()
    {
        var ns = await QuotaAsync("""{"hard":{"limits.cpu":"2","requests.memory":"1Gi","requests.ephemeral-storage":"1Gi"}}""");

        var answer = await PodAsync(ns, "p", """[{"name":"b","image":"i"},{"name":"a","image":"i","resources":{"limits":{"cpu":"1"}}}]""");

        Assert.Equal(
            "pods \"p\" is forbidden: failed quota: q: must specify limits.cpu for: b; requests.memory for: a,b", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreatePod_OverSeveralResources_NamesEachThatDoesNotFit()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"10","requests.cpu":"1","limits.memory":"1Gi","requests.memory":"4Gi"}}""");
        const string Containers = """[{"name":"c","image":"i","resources":{"requests":{"cpu":"600m","memory":"100Mi"},"limits":{"memory":"600Mi"}}}]""";
        (await PodAsync(ns, "a", Containers)).Ok();
        Assert.Equal("600m", await UsedAsync(ns, "requests.cpu"));
        Assert.Equal("600Mi", await UsedAsync(ns, "limits.memory"));

        var answer = await PodAsync(ns, "b", Containers);

        Assert.Equal(
            "pods \"b\" is forbidden: exceeded quota: q, requested: limits.memory=600Mi,requests.cpu=600m, used: limits.memory=600Mi,requests.cpu=600m, "
            + "limited: limits.memory=1Gi,requests.cpu=1",
            answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task DeletePod_GivesItsPlaceBack()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"1","count/pods":"1"}}""");
        (await PodAsync(ns, "a")).Ok();
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{ns}/pods/a", null, "application/json")).Ok();
        await UsedBecomesAsync(ns, "pods", "0");
        await Eventually.TrueAsync(async () => (await PodAsync(ns, "b")).Code == HttpStatusCode.Created, "a place for another pod");
    }

    [Fact]
    public async Task PodThatEnded_FreesWhatItRequestedButStaysAnObject()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"1","count/pods":"1"}}""");
        (await PodAsync(ns, "a")).Ok();
        (await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/pods/a/status", """{"status":{"phase":"Succeeded"}}""", "application/merge-patch+json")).Ok();
        await UsedBecomesAsync(ns, "pods", "0");
        Assert.Equal("1", await UsedAsync(ns, "count/pods"));

        // A server's admission may remember the use before for a moment.
        const string Refusal = "pods \"b\" is forbidden: exceeded quota: q, requested: count/pods=1, used: count/pods=1, limited: count/pods=1";
        await Eventually.TrueAsync(async () => (await PodAsync(ns, "b")).Refused(HttpStatusCode.Forbidden) == Refusal, Refusal);
    }

    [Theory]
    [InlineData("""["BestEffort"]""", """[{"name":"c","image":"i"}]""", """[{"name":"c","image":"i","resources":{"requests":{"cpu":"1m"}}}]""")]
    [InlineData("""["NotBestEffort"]""", """[{"name":"c","image":"i","resources":{"requests":{"cpu":"1m"}}}]""", """[{"name":"c","image":"i"}]""")]
    [InlineData("""["Terminating"]""", """[{"name":"c","image":"i"}],"activeDeadlineSeconds":60""", """[{"name":"c","image":"i"}]""")]
    [InlineData("""["NotTerminating"]""", """[{"name":"c","image":"i"}]""", """[{"name":"c","image":"i"}],"activeDeadlineSeconds":60""")]
    [InlineData("""["PriorityClass"]""", """[{"name":"c","image":"i"}],"priorityClassName":"system-node-critical" """, """[{"name":"c","image":"i"}]""")]
    public async Task Scope_CountsOnlyThePodsOfIt(string scopes, string inside, string outside)
    {
        var ns = await QuotaAsync($$$"""{"hard":{"pods":"0"},"scopes":{{{scopes}}}}""");
        Assert.Contains("exceeded quota: q, requested: pods=1", (await PodAsync(ns, "in", inside)).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        (await PodAsync(ns, "out", outside)).Ok();
    }

    [Fact]
    public async Task ScopeSelector_ByPriorityClass_CountsOnlyThatClass()
    {
        var ns = await QuotaAsync(
            """{"hard":{"pods":"0"},"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In","values":["system-cluster-critical"]}]}}""");
        (await PodAsync(ns, "node", """[{"name":"c","image":"i"}],"priorityClassName":"system-node-critical" """)).Ok();
        Assert.Contains(
            "exceeded quota", (await PodAsync(ns, "cluster", """[{"name":"c","image":"i"}],"priorityClassName":"system-cluster-critical" """)).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdatePod_IntoAScopeThatIsFull_IsRefused()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"0"},"scopes":["Terminating"]}""");
        (await PodAsync(ns, "p")).Ok();
        var answer = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/pods/p", """{"spec":{"activeDeadlineSeconds":60}}""", "application/merge-patch+json");
        Assert.Equal("pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task UpdateService_ToATypeThatUsesMore_IsChargedByTheDifference()
    {
        var ns = await QuotaAsync("""{"hard":{"services":"1","services.nodeports":"1","services.loadbalancers":"0"}}""");
        var path = $"api/v1/namespaces/{ns}/services";
        (await cluster.Client.PostAsync(path, """{"metadata":{"name":"s"},"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":81}]}}""")).Ok();

        var two = await cluster.Client.PatchAsync($"{path}/s", """{"spec":{"type":"NodePort"}}""", "application/merge-patch+json");
        Assert.Equal(
            "services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1",
            two.Refused(HttpStatusCode.Forbidden));

        (await cluster.Client.PatchAsync($"{path}/s", """{"spec":{"type":"NodePort","ports":[{"port":80,"name":"a"},{"port":81,"$patch":"delete"}]}}""", "application/strategic-merge-patch+json")).Ok();
        Assert.Equal("1", await UsedAsync(ns, "services.nodeports"));
        Assert.Equal("1", await UsedAsync(ns, "services"));

        (await cluster.Client.PatchAsync($"{path}/s", """{"spec":{"type":"ClusterIP"}}""", "application/merge-patch+json")).Ok();
        await UsedBecomesAsync(ns, "services.nodeports", "0");
    }

    [Fact]
    public async Task CreateClaim_OverTheStorageOfItsClass_NamesTheClass()
    {
        var ns = await QuotaAsync("""{"hard":{"requests.storage":"10Gi","persistentvolumeclaims":"5","gold.storageclass.storage.k8s.io/requests.storage":"1Gi"}}""");
        (await ClaimAsync(ns, "a", "silver", "2Gi")).Ok();
        Assert.Equal("2Gi", await UsedAsync(ns, "requests.storage"));

        var answer = await ClaimAsync(ns, "b", "gold", "2Gi");

        Assert.Equal(
            "persistentvolumeclaims \"b\" is forbidden: exceeded quota: q, requested: gold.storageclass.storage.k8s.io/requests.storage=2Gi, "
            + "used: gold.storageclass.storage.k8s.io/requests.storage=0, limited: gold.storageclass.storage.k8s.io/requests.storage=1Gi",
            answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreateObjects_OfAnyKind_AreCountedByTheirName()
    {
        var ns = await QuotaAsync("""{"hard":{"count/statefulsets.apps":"0","secrets":"1","configmaps":"2"}}""");
        var set = await cluster.Client.PostAsync($"apis/apps/v1/namespaces/{ns}/statefulsets", """
            {"metadata":{"name":"s"},"spec":{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
              "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        Assert.Equal(
            "statefulsets.apps \"s\" is forbidden: exceeded quota: q, requested: count/statefulsets.apps=1, used: count/statefulsets.apps=0, limited: count/statefulsets.apps=0",
            set.Refused(HttpStatusCode.Forbidden));
        (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"a"}}""")).Ok();
        Assert.Equal(
            "secrets \"b\" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1",
            (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"b"}}""")).Refused(HttpStatusCode.Forbidden));

        // The cluster's own certificate is one of them.
        Assert.Equal("1", await UsedAsync(ns, "configmaps"));
    }

    [Fact]
    public async Task CreateThatFails_ForItsNameIsTaken_IsNotCharged()
    {
        TestCluster.IsLocalClusterOrSkip("the use of quota without a moment in which it is too high, which a controller corrects later");
        var ns = await QuotaAsync("""{"hard":{"pods":"2"}}""");
        (await PodAsync(ns, "a")).Ok();
        (await PodAsync(ns, "a")).Refused(HttpStatusCode.Conflict);
        Assert.Equal("1", await UsedAsync(ns, "pods"));
    }

    [Fact]
    public async Task UpdateQuota_ChangesItsStatus()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"1"}}""");
        (await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/resourcequotas/q", """{"spec":{"hard":{"pods":"3","secrets":"1"}}}""", "application/merge-patch+json")).Ok();
        await Eventually.TrueAsync(async () => (await StatusAsync(ns)).ToJsonString() == """{"hard":{"pods":"3","secrets":"1"},"used":{"pods":"0","secrets":"0"}}""");
    }

    [Theory]
    [InlineData("""{"hard":{"disks":"1"}}""",
        "[spec.hard[disks]: Invalid value: \"disks\": must be a standard resource type or fully qualified, spec.hard[disks]: Invalid value: \"disks\": must be a standard resource for quota]")]
    [InlineData("""{"hard":{"pods":"-1"}}""", "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"hard":{"pods":"500m"}}""", "spec.hard[pods]: Invalid value: \"500m\": must be an integer")]
    [InlineData("""{"hard":{"pods":"1"},"scopes":["Terminating","NotTerminating"]}""", "spec.scopes: Invalid value: [\"Terminating\",\"NotTerminating\"]: conflicting scopes")]
    [InlineData("""{"hard":{"services":"1"},"scopes":["Terminating"]}""", "spec.scopes: Invalid value: [\"Terminating\"]: unsupported scope applied to resource")]
    [InlineData("""{"hard":{"pods":"1"},"scopes":["Large"]}""", "spec.scopes: Invalid value: [\"Large\"]: unsupported scope")]
    [InlineData("""{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In"}]}}""",
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    public async Task CreateQuota_ThatMakesNoSense_IsInvalid(string spec, string errors)
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/resourcequotas", $$$"""{"metadata":{"name":"q"},"spec":{{{spec}}}}""");
        Assert.Equal($"ResourceQuota \"q\" is invalid: {errors}", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task UpdateQuota_OfItsScopes_IsInvalid()
    {
        var ns = await QuotaAsync("""{"hard":{"pods":"1"},"scopes":["Terminating"]}""");
        var answer = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/resourcequotas/q", """{"spec":{"scopes":["BestEffort"]}}""", "application/merge-patch+json");
        Assert.Equal("ResourceQuota \"q\" is invalid: spec.scopes: Invalid value: [\"BestEffort\"]: field is immutable", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    /// <summary>A namespace with a quota of name q that has been counted once.</summary>
    private async Task<string> QuotaAsync(string spec)
    {
        var ns = await cluster.NamespaceAsync();
        await Eventually.TrueAsync(async () => (await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/configmaps/kube-root-ca.crt")).Code == HttpStatusCode.OK);
        (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/resourcequotas", $$$"""{"metadata":{"name":"q"},"spec":{{{spec}}}}""")).Ok();
        await Eventually.TrueAsync(async () => (await StatusAsync(ns))["used"] is not null);
        return ns;
    }

    private async Task<JsonObject> StatusAsync(string ns) => (await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/resourcequotas/q")).Ok()["status"]!.AsObject();

    private async Task<string?> UsedAsync(string ns, string resource) => (string?)(await StatusAsync(ns))["used"]![resource];

    private Task UsedBecomesAsync(string ns, string resource, string amount) => Eventually.TrueAsync(async () => await UsedAsync(ns, resource) == amount, $"{resource} of {amount}");

    private Task<Answer> PodAsync(string ns, string name, string containers = """[{"name":"c","image":"i"}]""", string query = "") =>
        cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods{query}", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":{{{containers}}}}}""");

    private Task<Answer> ClaimAsync(string ns, string name, string storageClass, string size) => cluster.Client.PostAsync(
        $"api/v1/namespaces/{ns}/persistentvolumeclaims",
        $$$$"""
        {"metadata":{"name":"{{{{name}}}}"},"spec":{"storageClassName":"{{{{storageClass}}}}","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{{size}}}}"}} }}
        """);
}
