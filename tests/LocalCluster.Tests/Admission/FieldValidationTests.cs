using System.Net;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>Unknown and repeated fields: refused, warned of or dropped, in every kind of write and with the server's words.</summary>
public sealed class FieldValidationTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";
    private const string WrongPod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","lables":{}},"spec":{"restartPolicy":"Always","containers":[{"name":"c","image":"a","image":"b","imagePull":"x"}],
          "restartPolicy":"Never","node":{"a":1,"a":2}},"extra":1}
        """;

    private const string WrongYaml = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: m
          unknown: 1
        data:
          a: "1"
          a: "2"
          b: "1"
          b: "2"
        """;

    [Fact]
    public async Task Create_Strict_NamesEveryWrongFieldInTheOrderOfTheDocument()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods?fieldValidation=Strict", WrongPod);
        Assert.Equal(
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"metadata.lables\", duplicate field \"spec.containers[0].image\", "
            + "unknown field \"spec.containers[0].imagePull\", duplicate field \"spec.restartPolicy\", unknown field \"spec.node\", unknown field \"extra\"",
            answer.Refused(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("?fieldValidation=Warn")]
    [InlineData("")]
    public async Task Create_Warn_StoresTheRestAndWarnsOfEach(string query)
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods{query}", WrongPod);
        Assert.Equal("b", (string?)answer.Ok()["spec"]!["containers"]![0]!["image"]);
        Assert.Equal(
            [
                "unknown field \"metadata.lables\"", "duplicate field \"spec.containers[0].image\"", "unknown field \"spec.containers[0].imagePull\"",
                "duplicate field \"spec.restartPolicy\"", "unknown field \"spec.node\"", "unknown field \"extra\"",
            ],
            answer.Warnings);
    }

    [Fact]
    public async Task Create_Ignore_SaysNothing()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods?fieldValidation=Ignore", WrongPod);
        answer.Ok();
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task Create_ThatIsRefusedOtherwise_WarnsAllTheSame()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"Wrong"},"dota":{}}""");
        answer.Refused(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["unknown field \"dota\""], answer.Warnings);
    }

    [Fact]
    public async Task CreateFromYaml_Strict_NamesLinesOfRepeatedKeys()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/configmaps?fieldValidation=Strict", WrongYaml, "application/yaml");
        Assert.Equal(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 8: key \"a\" already set in map\n"
            + "  line 10: key \"b\" already set in map, unknown field \"metadata.unknown\"",
            answer.Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task CreateFromYaml_Warn_WarnsOfEachLineAndTakesTheLastValue()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/configmaps", WrongYaml, "application/yaml");
        Assert.Equal("""{"a":"2","b":"2"}""", answer.Ok()["data"]!.ToJsonString());
        Assert.Equal(["line 8: key \"a\" already set in map", "line 10: key \"b\" already set in map", "unknown field \"metadata.unknown\""], answer.Warnings);
    }

    [Fact]
    public async Task CreateFromYaml_PlainScalars_AreReadAsYaml11()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", """
            metadata: {name: p, labels: &l {a: b}, annotations: *l}
            spec:
              hostPID: no
              containers:
              - name: c
                image: i
                stdin: on
                env: [{name: X, value: "yes"}]
              volumes:
              - name: v
                configMap: {name: m, defaultMode: 0640, optional: yes}
            """, "application/yaml");
        var spec = answer.Ok()["spec"]!;
        Assert.Equal(416, (int?)spec["volumes"]![0]!["configMap"]!["defaultMode"]);
        Assert.True((bool?)spec["volumes"]![0]!["configMap"]!["optional"]);
        Assert.True((bool?)spec["containers"]![0]!["stdin"]);
        Assert.Equal("b", (string?)answer.Body["metadata"]!["annotations"]!["a"]);
    }

    [Fact]
    public async Task Update_Strict_IsRefusedLikeACreate()
    {
        var ns = await MapAsync();
        var answer = await cluster.Client.PutAsync($"api/v1/namespaces/{ns}/configmaps/m?fieldValidation=Strict", """{"metadata":{"name":"m"},"data":{"a":"1","a":"2"},"x":1}""");
        Assert.Equal(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field \"data.a\", unknown field \"x\"",
            answer.Refused(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData(Strategic, """{"data":{"a":"1","a":"2"},"x":{"y":[1,"z",true,null]}}""",
        " \"\" is invalid: patch: Invalid value: \"map[data:map[a:2] x:map[y:[1 z true <nil>]]]\": strict decoding error: duplicate field \"data.a\", unknown field \"x\"")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/x","value":1,"foo":2}]""", "strict decoding error: json patch unknown field \"[0].foo\", unknown field \"x\"")]
    [InlineData(Merge, """{"data":{"a":"1","a":"2"},"x":1}""", "strict decoding error: duplicate field \"data.a\", unknown field \"x\"")]
    public async Task Patch_Strict_IsRefusedWithThePatchAndItsFields(string mediaType, string patch, string refusal)
    {
        var ns = await MapAsync();
        var message = (await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/configmaps/m?fieldValidation=Strict", patch, mediaType)).Refused(HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith(" \"\" is invalid: patch: Invalid value: \"", message, StringComparison.Ordinal);
        Assert.EndsWith(refusal, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Strategic, """{"data":{"a":"1","a":"2"},"x":1}""", "duplicate field \"data.a\"")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/x","value":1,"foo":2}]""", "json patch unknown field \"[0].foo\"")]
    [InlineData(Merge, """{"data":{"a":"1","a":"2"},"x":1}""", "duplicate field \"data.a\"")]
    public async Task Patch_Warn_WarnsOfItsFields(string mediaType, string patch, string warning)
    {
        var ns = await MapAsync();
        var answer = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/configmaps/m", patch, mediaType);
        answer.Ok();
        Assert.Equal([warning, "unknown field \"x\""], answer.Warnings);
    }

    [Fact]
    public async Task Apply_UnknownField_IsRefusedByItsSchemaWhateverTheValidation()
    {
        var ns = await MapAsync();
        var answer = await cluster.Client.PatchAsync(
            $"api/v1/namespaces/{ns}/configmaps/m?fieldManager=t&fieldValidation=Ignore", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"dota":{}}""", Apply);
        Assert.Contains(".dota: field not declared in schema", answer.Refused(HttpStatusCode.InternalServerError), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_RepeatedField_IsRefusedOrWarnedOfByItsLine()
    {
        var ns = await MapAsync();
        const string Twice = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","a":"2"}}""";
        var strict = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/configmaps/m?fieldManager=t&fieldValidation=Strict", Twice, Apply);
        Assert.Equal(
            "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key \"a\" already set in map", strict.Refused(HttpStatusCode.BadRequest));

        var warned = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/configmaps/m?fieldManager=t", Twice, Apply);
        Assert.Equal("2", (string?)warned.Ok()["data"]!["a"]);
        Assert.Equal(["line 1: key \"a\" already set in map"], warned.Warnings);
    }

    [Theory]
    [InlineData("fieldValidation=Sometimes", "fieldValidation: Unsupported value: \"Sometimes\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"")]
    [InlineData("dryRun=Some", "dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"")]
    public async Task Create_WithAParameterThatIsNone_IsInvalid(string query, string error)
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/configmaps?{query}", """{"metadata":{"name":"m"}}""");
        Assert.Equal($"CreateOptions.meta.k8s.io \"\" is invalid: {error}", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Apply_WithoutAManager_IsInvalid()
    {
        var ns = await cluster.NamespaceAsync();
        var answer = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/configmaps/m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}""", Apply);
        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch", answer.Refused(HttpStatusCode.UnprocessableEntity));
    }

    private async Task<string> MapAsync()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"m"}}""")).Ok();
        return ns;
    }
}
