using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>managedFields, literally: who comes to own what by create, update, patch and apply, and when an entry changes or goes.</summary>
public sealed class FieldOwnershipTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Template = """
        {"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t"},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[
        {"name":"main","image":"main:1","ports":[{"containerPort":8080},{"containerPort":443,"protocol":"UDP"},{"containerPort":80}],"env":[{"name":"A","value":"1"}]}]}}}
        """;

    [Fact]
    public async Task Create_OwnsWhatItSetsAndItsDefaults_InTheServersForm()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await cluster.Client.PostAsync($"{Wire.PodTemplates(ns)}?fieldManager=maker", Template);
        Assert.Equal(
            """maker Update {"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}},"k:{\"containerPort\":443,\"protocol\":\"UDP\"}":{".":{},"f:containerPort":{},"f:protocol":{}},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}}"""
                .Replace("\\\"", "\\u0022", StringComparison.Ordinal),
            made.Owners());
    }

    [Fact]
    public async Task Apply_OwnsOnlyWhatItNames_NotTheDefaults()
    {
        var ns = await cluster.NamespaceAsync();
        var applied = await cluster.ApplyAsync($"{Wire.PodTemplates(ns)}/t", "applier", Template);
        Assert.Equal(HttpStatusCode.Created, applied.Code);
        Assert.Contains("\"k:{\\u0022containerPort\\u0022:80,\\u0022protocol\\u0022:\\u0022TCP\\u0022}\":{\".\":{},\"f:containerPort\":{}}", applied.Owners(), StringComparison.Ordinal);
        Assert.DoesNotContain("terminationMessagePath", applied.Owners(), StringComparison.Ordinal);
        Assert.DoesNotContain("f:resources", applied.Owners(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ByAnotherWithTheSameValue_SharesAndTheFirstsTimeStays()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"k":"1","l":"1"}"""));
        var shared = await cluster.ApplyAsync(path, "two", Wire.Map("m", """{"k":"1"}"""));
        Assert.Equal(
            """
            two Apply {"f:data":{"f:k":{}}}
            one Apply {"f:data":{"f:k":{},"f:l":{}}}
            """,
            shared.Owners());

        // An apply that changes nothing of the object gives its new manager no time.
        Assert.Null(shared.Body["metadata"]!["managedFields"]![0]!["time"]);
        Assert.NotNull(shared.Body["metadata"]!["managedFields"]![1]!["time"]);
    }

    [Fact]
    public async Task Apply_ThatChangesNothing_KeepsVersionAndTime()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.PodTemplates(ns)}/t";
        var first = await cluster.ApplyAsync(path, "one", Template);
        var again = await cluster.ApplyAsync(path, "one", Template);
        Assert.Equal(HttpStatusCode.OK, again.Code);
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
    }

    [Fact]
    public async Task Apply_OfOthersFields_NamesEachManagerAndField()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.PodTemplates(ns)}/t";
        await cluster.Client.PostAsync($"{Wire.PodTemplates(ns)}?fieldManager=maker", Template);
        await cluster.ApplyAsync(path, "applier", """{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t","labels":{"x":"1"}}}""");
        var refused = await cluster.ApplyAsync(
            path, "other",
            """{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t","labels":{"x":"2"}},"template":{"spec":{"containers":[{"name":"main","image":"main:2","env":[{"name":"A","value":"2"}]}]}}}""");
        Assert.Equal(
            "Apply failed with 3 conflicts: conflicts with \"applier\":\n- .metadata.labels.x\n"
            + "conflicts with \"maker\" using v1:\n- .template.spec.containers[name=\"main\"].image\n- .template.spec.containers[name=\"main\"].env[name=\"A\"].value",
            refused.Refused(HttpStatusCode.Conflict));
        Assert.Equal("Conflict", (string?)refused.Body["reason"]);
        Assert.Equal(3, refused.Body["details"]!["causes"]!.AsArray().Count);
    }

    [Fact]
    public async Task Apply_Forced_LeavesThePreviousOwnerWhatItDidNotLose()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"k":"1","l":"1"}"""));
        var forced = await cluster.ApplyAsync(path, "two", Wire.Map("m", """{"k":"2"}"""), force: true);
        Assert.Equal(["one Apply {\"f:data\":{\"f:l\":{}}}", "two Apply {\"f:data\":{\"f:k\":{}}}"], forced.Owners().Split('\n').Order());
        var back = await cluster.ApplyAsync(path, "two", Wire.Map("m"));
        Assert.Equal("""{"l":"1"}""", back.Text("data"));
    }

    [Fact]
    public async Task Apply_NoLongerNamingAField_RemovesItUnlessAnotherOwnsIt()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"mine":"1","ours":"1"}"""));
        await cluster.ApplyAsync(path, "two", Wire.Map("m", """{"ours":"1"}"""));
        var left = await cluster.ApplyAsync(path, "one", Wire.Map("m"));
        Assert.Equal("""{"ours":"1"}""", left.Text("data"));
        Assert.Equal("""two Apply {"f:data":{"f:ours":{}}}""", left.Owners());
    }

    [Fact]
    public async Task Update_TakesWhatItChanges_AndEntriesThatOwnNothingGo()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"k":"1"}"""));
        var updated = await cluster.ReplaceAsync(path, "editor", o => o["data"]!["k"] = "2");
        Assert.Equal("""editor Update {"f:data":{"f:k":{}}}""", updated.Owners());
        var same = await cluster.ReplaceAsync(path, "another", _ => { });
        Assert.Equal(updated.Version(), same.Version());
        Assert.Equal(updated.Owners(), same.Owners());
    }

    [Fact]
    public async Task Update_BySameManagerAndOperation_IsOneEntry()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.Client.PostAsync($"{Wire.ConfigMaps(ns)}?fieldManager=editor", Wire.Map("m", """{"a":"1"}"""));
        await cluster.Client.PatchAsync($"{path}?fieldManager=editor", """{"data":{"b":"1"}}""", Wire.Merge);
        var patched = await cluster.Client.PatchAsync($"{path}?fieldManager=editor", """[{"op":"add","path":"/data/c","value":"1"}]""", Wire.Json);
        Assert.Equal("""editor Update {"f:data":{".":{},"f:a":{},"f:b":{},"f:c":{}}}""", patched.Owners());
        var removed = await cluster.Client.PatchAsync($"{path}?fieldManager=remover", """{"data":{"a":null}}""", Wire.Strategic);
        Assert.Equal("""editor Update {"f:data":{".":{},"f:b":{},"f:c":{}}}""", removed.Owners());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{}]")]
    public async Task Update_WithEmptyManagedFields_ResetsThem_AndTheNextApplyNamesWhoCameBefore(string managedFields)
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.Client.PostAsync($"{Wire.ConfigMaps(ns)}?fieldManager=maker", Wire.Map("m", """{"a":"1"}"""));
        var reset = await cluster.ReplaceAsync(path, "editor", o => o["metadata"]!["managedFields"] = JsonNode.Parse(managedFields));
        Assert.Equal("", reset.Owners());
        var untracked = await cluster.ReplaceAsync(path, "editor", o => o["data"]!["a"] = "2");
        Assert.Equal("", untracked.Owners());

        var applied = await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"b":"1"}"""));
        Assert.Equal(
            """
            one Apply {"f:data":{"f:b":{}}}
            before-first-apply Update {"f:data":{".":{},"f:a":{}}}
            """,
            applied.Owners());
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.a",
            (await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"a":"3"}"""))).Refused(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Update_WithUnreadableManagedFields_KeepsTheStoredOnes()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var made = await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"a":"1"}"""));
        var kept = await cluster.ReplaceAsync(path, "editor", o => o["metadata"]!["managedFields"] = JsonNode.Parse("""[{"manager":"x","operation":"Other"}]"""));
        Assert.Equal(made.Owners(), kept.Owners());
    }

    [Fact]
    public async Task Apply_SetOfFinalizers_OwnsEachByItsValue()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.ApplyAsync(path, "one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","finalizers":["a.example/x","a.example/y"]}}""");
        var both = await cluster.ApplyAsync(path, "two", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","finalizers":["a.example/z"]}}""");
        Assert.Equal("""["a.example/x","a.example/y","a.example/z"]""", both.Text("metadata", "finalizers"));
        Assert.Contains("two Apply {\"f:metadata\":{\"f:finalizers\":{\"v:\\u0022a.example/z\\u0022\":{}}}}", both.Owners(), StringComparison.Ordinal);
        var one = await cluster.ApplyAsync(path, "one", Wire.Map("m"));
        Assert.Equal("""["a.example/z"]""", one.Text("metadata", "finalizers"));
        await cluster.ApplyAsync(path, "two", Wire.Map("m"));
    }

    [Fact]
    public async Task Apply_AtomicSelector_IsReplacedAndOwnedAsAWhole()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.PodTemplates(ns)}/t";
        string With(string selector) =>
            """{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t"},"template":{"spec":{"nodeSelector":@,"containers":[{"name":"main","image":"i"}]}}}"""
                .Replace("@", selector, StringComparison.Ordinal);
        await cluster.ApplyAsync(path, "one", With("""{"a":"1"}"""));
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"one\": .template.spec.nodeSelector",
            (await cluster.ApplyAsync(path, "two", With("""{"b":"1"}"""))).Refused(HttpStatusCode.Conflict));
        var forced = await cluster.ApplyAsync(path, "two", With("""{"b":"1"}"""), force: true);
        Assert.Equal("""{"b":"1"}""", forced.Text("template", "spec", "nodeSelector"));
    }

    [Theory]
    [InlineData("""{"data":{"k":1}}""", ".data.k: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData("""{"data":"x"}""", ".data: expected map, got &{x}")]
    [InlineData("""{"immutable":"yes"}""", ".immutable: expected boolean, got &{yes}")]
    [InlineData("""{"dota":{}}""", ".dota: field not declared in schema")]
    [InlineData("""{"metadata":{"name":"m","finalizers":["a","a"]}}""", ".metadata.finalizers: duplicate entries for key [=\"a\"]")]
    [InlineData("""{"metadata":{"name":"m","finalizers":[{}]}}""", ".metadata.finalizers: element 0: associative list without keys has an element that's a map type")]
    public async Task Apply_OfTheWrongShape_IsRefusedInTheServersWords(string body, string why)
    {
        var ns = await cluster.NamespaceAsync();
        var config = JsonNode.Parse(body)!.AsObject();
        (config["apiVersion"], config["kind"]) = ("v1", "ConfigMap");
        config["metadata"] ??= new JsonObject { ["name"] = "m" };
        var refused = await cluster.ApplyAsync($"{Wire.ConfigMaps(ns)}/m", "one", config.ToJsonString());
        Assert.Equal($"failed to create typed patch object (/m; /v1, Kind=ConfigMap): {why}", refused.Refused(HttpStatusCode.InternalServerError));
    }

    [Fact]
    public async Task Apply_ListItemWithoutItsKey_IsRefusedWhereTheKeyHasNoDefault()
    {
        var ns = await cluster.NamespaceAsync();
        var refused = await cluster.ApplyAsync(
            $"/api/v1/namespaces/{ns}/serviceaccounts/s", "one", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"s"},"secrets":[{"namespace":"x"}]}""");
        Assert.Equal(
            "failed to create typed patch object (/s; /v1, Kind=ServiceAccount): .secrets: element 0: associative list with keys has an element that omits all key fields "
            + "[\"name\"] (and doesn't have default values for any key fields)",
            refused.Refused(HttpStatusCode.InternalServerError));
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","managedFields":[]}}""", "metadata.managedFields must be nil")]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"m"}}""", "invalid object type: /v1, Kind=Secret")]
    [InlineData("""{"metadata":{"name":"m"}}""", "invalid object type: /, Kind=")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"n"}}""", "the name of the object (n) does not match the name on the URL (m)")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap"}""", "the name of the object (m based on URL) was undeterminable: name must be provided")]
    public async Task Apply_OfSomethingElse_IsABadRequest(string body, string why)
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal(why, (await cluster.ApplyAsync($"{Wire.ConfigMaps(ns)}/m", "one", body)).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Apply_WithoutAManager_IsInvalid()
    {
        var ns = await cluster.NamespaceAsync();
        var refused = await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", Wire.Map("m"), Wire.ApplyYaml);
        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch", refused.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Apply_WithAnotherVersion_IsAConflict()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var made = await cluster.ApplyAsync(path, "one", Wire.Map("m", """{"a":"1"}"""));
        var body = JsonNode.Parse(Wire.Map("m", """{"a":"2"}"""))!;
        body["metadata"]!["resourceVersion"] = made.Version();
        var second = await cluster.ApplyAsync(path, "one", body.ToJsonString());
        Assert.Equal("2", (string?)second.Ok()["data"]!["a"]);
        body["data"]!["a"] = "3";
        Assert.Equal(
            "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again",
            (await cluster.ApplyAsync(path, "one", body.ToJsonString())).Refused(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Scale_MovesTheReplicasToWhoScales_AndAnApplierIsToldSo()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.Deployments(ns)}/d";
        const string Deployment = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":0,"paused":true,"selector":{"matchLabels":{"a":"b"}},
            "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """;
        await cluster.ApplyAsync(path, "applier", Deployment);
        var scaled = await cluster.Client.PatchAsync($"{path}/scale?fieldManager=scaler", """{"spec":{"replicas":1}}""", Wire.Merge);
        Assert.Equal("1", scaled.Text("spec", "replicas"));
        var owners = (await cluster.Client.GetAsync(path)).Owners();
        Assert.Contains("scaler Update/scale {\"f:spec\":{\"f:replicas\":{}}}", owners, StringComparison.Ordinal);
        Assert.DoesNotContain("\"f:replicas\"", owners.Split('\n').Single(o => o.StartsWith("applier ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" using apps/v1: .spec.replicas",
            (await cluster.ApplyAsync(path, "applier", Deployment)).Refused(HttpStatusCode.Conflict));

        var applied = await cluster.ApplyAsync($"{path}/scale", "autoscaler", """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"d"},"spec":{"replicas":2}}""", force: true);
        Assert.Equal("2", applied.Text("spec", "replicas"));
        owners = (await cluster.Client.GetAsync(path)).Owners();
        Assert.Contains("autoscaler Apply/scale {\"f:spec\":{\"f:replicas\":{}}}", owners, StringComparison.Ordinal);
        Assert.DoesNotContain("scaler Update/scale", owners, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_IsOwnedThroughItsSubresourceAlone()
    {
        var ns = await cluster.NamespaceAsync();
        var pods = $"/api/v1/namespaces/{ns}/pods";
        await cluster.Client.PostAsync(
            $"{pods}?fieldManager=maker",
            """{"metadata":{"name":"p"},"spec":{"schedulerName":"nobody","containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running","message":"no"}}""");
        var patched = await cluster.Client.PatchAsync($"{pods}/p/status?fieldManager=kubelet", """{"status":{"message":"yes"},"spec":{"activeDeadlineSeconds":5}}""", Wire.Merge);
        Assert.Equal("\"yes\"", patched.Text("status", "message"));
        Assert.Equal("", patched.Text("spec", "activeDeadlineSeconds"));
        Assert.Contains("kubelet Update/status {\"f:status\":{\"f:message\":{}}}", patched.Owners(), StringComparison.Ordinal);
        Assert.DoesNotContain("f:status", patched.Owners().Split('\n').Single(o => o.StartsWith("maker ", StringComparison.Ordinal)), StringComparison.Ordinal);

        var main = await cluster.Client.PatchAsync($"{pods}/p?fieldManager=other", """{"status":{"message":"other"}}""", Wire.Merge);
        Assert.Equal("\"yes\"", main.Text("status", "message"));
        Assert.DoesNotContain("other ", main.Owners(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_ByManyManagers_PutsTheOldestTogether()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.Client.PostAsync($"{Wire.ConfigMaps(ns)}?fieldManager=u00", Wire.Map("m", """{"k00":"1"}"""));
        Answer last = null!;
        for (var i = 1; i <= 12; i++)
        {
            last = await cluster.Client.PatchAsync($"{path}?fieldManager=u{i:00}", $$$"""{"data":{"k{{{i:00}}}":"1"}}""", Wire.Merge);
        }

        var owners = last.Owners().Split('\n');
        Assert.Equal(10, owners.Length);
        var ancient = owners.Single(o => o.StartsWith("ancient-changes Update", StringComparison.Ordinal));
        Assert.Contains("\"f:k00\"", ancient, StringComparison.Ordinal);
        Assert.All(owners, o => Assert.DoesNotContain("u00 ", o, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_AsKubectl_TakesOverWhatKubectlAppliedOnItsSide()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";
        var map = JsonNode.Parse(Wire.Map("m", """{"k":"1"}"""))!;
        map["metadata"]!["annotations"] = new JsonObject { [Annotation] = Wire.Map("m", """{"k":"1"}""") };
        await cluster.Client.PostAsync($"{Wire.ConfigMaps(ns)}?fieldManager=kubectl-client-side-apply", map.ToJsonString());
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.k",
            (await cluster.ApplyAsync(path, "somebody", Wire.Map("m", """{"k":"2"}"""))).Refused(HttpStatusCode.Conflict));
        var applied = await cluster.ApplyAsync(path, "kubectl", Wire.Map("m", """{"k":"2"}"""));
        Assert.Equal("2", (string?)applied.Ok()["data"]!["k"]);
        Assert.Equal(
            """{"apiVersion":"v1","data":{"k":"2"},"kind":"ConfigMap","metadata":{"name":"m"}}""" + "\n", (string?)applied.Body["metadata"]!["annotations"]![Annotation]);
    }
}
