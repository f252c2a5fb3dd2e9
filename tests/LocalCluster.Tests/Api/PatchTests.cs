using System.Net;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Patches of every kind: what they do, what is no change, and how what cannot be done is refused.</summary>
public sealed class PatchTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Template = """
        {"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t","finalizers":["x.example/a","x.example/b"]},"template":{"spec":{"containers":[
        {"name":"a","image":"a:1","env":[{"name":"E","value":"1"},{"name":"F","value":"1"}]},{"name":"b","image":"b:1"}],"volumes":[{"name":"v","emptyDir":{}}],
        "nodeSelector":{"k":"1"}}}}
        """;

    [Theory]
    [InlineData(Wire.Merge, "{}")]
    [InlineData(Wire.Merge, """{"data":{"k":"1"}}""")]
    [InlineData(Wire.Strategic, "{}")]
    [InlineData(Wire.Json, "[]")]
    [InlineData(Wire.Json, """[{"op":"test","path":"/data/k","value":"1"}]""")]
    [InlineData(Wire.Json, """[{"op":"test","path":"/data/none","value":null}]""")]
    public async Task Patch_OfNothing_IsOkAndMakesNoNewVersion(string mediaType, string patch)
    {
        var ns = await cluster.NamespaceAsync();
        var made = await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        var patched = await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", patch, mediaType);
        Assert.Equal(HttpStatusCode.OK, patched.Code);
        Assert.Equal(made.Version(), patched.Version());
    }

    [Theory]
    [InlineData(Wire.Merge, "{}")]
    [InlineData(Wire.Strategic, "{}")]
    [InlineData(Wire.Json, "[]")]
    public async Task Patch_OfWhatIsMissing_IsNotFound(string mediaType, string patch)
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal("configmaps \"m\" not found", (await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", patch, mediaType)).Refused(HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Patch_OfAnotherMediaType_IsUnsupported(string mediaType)
    {
        var ns = await cluster.NamespaceAsync();
        var refused = await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", "{}", mediaType);
        Assert.Equal("415: Unsupported Media Type", refused.Refused(HttpStatusCode.UnsupportedMediaType));
        Assert.Equal("UnsupportedMediaType", (string?)refused.Body["reason"]);
    }

    [Fact]
    public async Task Patch_WithAVersionThatIsOver_IsAConflict()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var made = await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        var patch = $$$"""{"metadata":{"resourceVersion":"{{{made.Version()}}}"},"data":{"k":"@"}}""";
        (await cluster.Client.PatchAsync(path, patch.Replace("@", "2", StringComparison.Ordinal), Wire.Merge)).Ok();
        Assert.Equal(
            "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again",
            (await cluster.Client.PatchAsync(path, patch.Replace("@", "3", StringComparison.Ordinal), Wire.Merge)).Refused(HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"other"}}""", HttpStatusCode.BadRequest, "the name of the object (other) does not match the name on the URL (m)")]
    [InlineData("""{"metadata":{"namespace":"other"}}""", HttpStatusCode.BadRequest, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData(
        """{"metadata":{"uid":"x"}}""", HttpStatusCode.UnprocessableEntity, "ConfigMap \"m\" is invalid: metadata.uid: Invalid value: \"x\": field is immutable")]
    [InlineData(
        """{"metadata":{"deletionGracePeriodSeconds":5}}""", HttpStatusCode.UnprocessableEntity,
        "ConfigMap \"m\" is invalid: metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable")]
    public async Task Merge_OfWhatCannotChange_IsRefused(string patch, HttpStatusCode code, string why)
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        Assert.Equal(why, (await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", patch, Wire.Merge)).Refused(code));
    }

    [Fact]
    public async Task Merge_OfWhatOnlyTheServerSets_IsIgnored()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        var patched = await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", """{"metadata":{"creationTimestamp":null,"generation":7}}""", Wire.Merge);
        Assert.Equal(made.Version(), patched.Version());
        Assert.Equal(made.Text("metadata", "creationTimestamp"), patched.Text("metadata", "creationTimestamp"));
    }

    [Fact]
    public async Task Json_CarriesOutEveryOperation()
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"a":"1","b":"2"}"""));
        var patched = await cluster.Client.PatchAsync(
            $"{Wire.ConfigMaps(ns)}/m",
            """
            [{"op":"test","path":"/data/a","value":"1"},{"op":"add","path":"/data/c","value":"3"},{"op":"copy","from":"/data/c","path":"/data/d"},{"op":"move","from":"/data/a","path":"/data/e"},
            {"op":"replace","path":"/data/b","value":"4"},{"op":"replace","path":"/data/new","value":"5"},{"op":"remove","path":"/data/c"},
            {"op":"add","path":"/metadata/finalizers","value":["x.example/a"]},{"op":"add","path":"/metadata/finalizers/-","value":"x.example/c"},
            {"op":"add","path":"/metadata/finalizers/1","value":"x.example/b"},{"op":"remove","path":"/metadata/finalizers/-1"},
            {"op":"add","path":"/metadata/annotations","value":{"x.example/k":"1"}},{"op":"replace","path":"/metadata/annotations/x.example~1k","value":"2"}]
            """,
            Wire.Json);
        Assert.Equal("""{"b":"4","d":"3","e":"1","new":"5"}""", patched.Text("data"));
        Assert.Equal("""["x.example/a","x.example/b"]""", patched.Text("metadata", "finalizers"));
        Assert.Equal("""{"x.example/k":"2"}""", patched.Text("metadata", "annotations"));
        await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", """{"metadata":{"finalizers":null}}""", Wire.Merge);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/data/k","value":"2"}]""")]
    [InlineData("""[{"op":"test","path":"/data/none","value":"1"}]""")]
    [InlineData("""[{"op":"remove","path":"/data/none"}]""")]
    [InlineData("""[{"op":"add","path":"/none/k","value":"1"}]""")]
    [InlineData("""[{"op":"move","from":"/data/none","path":"/data/x"}]""")]
    [InlineData("""[{"op":"other","path":"/data/k"}]""")]
    [InlineData("""[{"op":"add","value":"1"}]""")]
    public async Task Json_OperationThatFails_IsRefusedWithoutSayingWhich(string patch)
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        var refused = await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", patch, Wire.Json);
        Assert.Equal("the server rejected our request due to an error in our request", refused.Refused(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("Invalid", (string?)refused.Body["reason"]);
    }

    [Theory]
    [InlineData(Wire.Json, "{}", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")]
    [InlineData(Wire.Json, """[{"op":"add","path":1}]""", "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string")]
    [InlineData(Wire.Merge, "[]", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData(Wire.Strategic, "[]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public async Task Patch_OfTheWrongShape_IsABadRequest(string mediaType, string patch, string why)
    {
        var ns = await cluster.NamespaceAsync();
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
        Assert.Equal(why, (await cluster.Client.PatchAsync($"{Wire.ConfigMaps(ns)}/m", patch, mediaType)).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Strategic_MergesByKeys_AndPutsItsItemsFirst()
    {
        var patched = await StrategicAsync("""{"template":{"spec":{"containers":[{"name":"c","image":"c:1"},{"name":"a","env":[{"name":"G","value":"1"}]}]}}}""");
        var containers = patched.Ok()["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["c", "a", "b"], containers.Select(c => (string)c!["name"]!));
        Assert.Equal(["G", "E", "F"], containers[1]!["env"]!.AsArray().Select(e => (string)e!["name"]!));
        Assert.Equal("a:1", (string?)containers[1]!["image"]);
    }

    [Fact]
    public async Task Strategic_Directives_DeleteReplaceAndOrder()
    {
        var patched = await StrategicAsync(
            """
            {"template":{"spec":{"containers":[{"name":"b","$patch":"delete"},{"name":"a","env":[{"$patch":"replace"},{"name":"Z","value":"1"}]},{"name":"c","image":"c:1"}],
            "$setElementOrder/containers":[{"name":"a"},{"name":"c"}],"nodeSelector":{"$patch":"replace","n":"2"},"volumes":[{"name":"v","emptyDir":null,"configMap":{"name":"m"},"$retainKeys":["name","configMap"]}]}},
            "metadata":{"$deleteFromPrimitiveList/finalizers":["x.example/a"],"finalizers":["x.example/c"],"$setElementOrder/finalizers":["x.example/c","x.example/b"]}}
            """);
        var spec = patched.Ok()["template"]!["spec"]!;
        Assert.Equal(["a", "c"], spec["containers"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Equal(["Z"], spec["containers"]![0]!["env"]!.AsArray().Select(e => (string)e!["name"]!));
        Assert.Equal("""{"n":"2"}""", spec["nodeSelector"]!.ToJsonString());
        Assert.Null(spec["volumes"]![0]!["emptyDir"]);
        Assert.Equal("m", (string?)spec["volumes"]![0]!["configMap"]!["name"]);
        Assert.Equal("""["x.example/c","x.example/b"]""", patched.Text("metadata", "finalizers"));
    }

    [Theory]
    [InlineData("""{"template":{"spec":{"containers":[{"image":"x"}]}}}""", HttpStatusCode.InternalServerError, "map: map[image:x] does not contain declared merge key: name")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":"a","$patch":"merge"}]}}}""", HttpStatusCode.InternalServerError, "merging lists cannot yet be specified in the patch")]
    [InlineData("""{"template":{"$patch":"other"}}""", HttpStatusCode.InternalServerError, "unknown patch type: other in map: map[$patch:other]")]
    [InlineData("""{"template":{"spec":{"$retainKeys":["volumes"],"nodeSelector":{"a":"b"}}}}""", HttpStatusCode.BadRequest, "invalid patch format of retainKeys")]
    public async Task Strategic_ThatCannotBeCarriedOut_IsRefusedInTheServersWords(string patch, HttpStatusCode code, string why)
    {
        Assert.Equal(why, (await StrategicAsync(patch)).Refused(code));
    }

    private async Task<Answer> StrategicAsync(string patch)
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(Wire.PodTemplates(ns), Template)).Ok();
        var answer = await cluster.Client.PatchAsync($"{Wire.PodTemplates(ns)}/t", patch, Wire.Strategic);
        (await cluster.Client.PatchAsync($"{Wire.PodTemplates(ns)}/t", """{"metadata":{"finalizers":null}}""", Wire.Merge)).Ok();
        return answer;
    }
}
