using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>LimitRanges: defaults into pods and never into templates, bounds in the server's words, and what makes a LimitRange itself invalid.</summary>
public sealed class LimitRangeTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task CreatePod_WithoutResources_GetsTheDefaultsAndSaysSo()
    {
        var ns = await NamespaceAsync("""{"type":"Container","default":{"cpu":"1","memory":"1Gi"},"defaultRequest":{"cpu":"500m"}}""");

        var pod = (await PodAsync(ns, """{"initContainers":[{"name":"i","image":"i"}],"containers":[{"name":"c","image":"i"},{"name":"d","image":"i","resources":{"requests":{"cpu":"100m"}}}]}""")).Ok();

        Assert.Equal(
            "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; memory request for container d; cpu, memory limit for container d; "
            + "cpu, memory request for init container i; cpu, memory limit for init container i",
            (string?)pod["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"]);
        Same("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m","memory":"1Gi"}}""", pod["spec"]!["containers"]![0]!["resources"]);
        Same("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"100m","memory":"1Gi"}}""", pod["spec"]!["containers"]![1]!["resources"]);
        Assert.Equal("Burstable", (string?)pod["status"]!["qosClass"]);
    }

    [Fact]
    public async Task CreateStatefulSet_InANamespaceWithDefaults_KeepsItsTemplate()
    {
        var ns = await NamespaceAsync("""{"type":"Container","default":{"cpu":"1"}}""");

        var set = (await cluster.Client.PostAsync($"apis/apps/v1/namespaces/{ns}/statefulsets", """
            {"metadata":{"name":"s"},"spec":{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
              "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """)).Ok();

        Same("{}", set["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]);
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"1"}}""", """{"limits":{"cpu":"2"}}""", "maximum cpu usage per Container is 1, but limit is 2")]
    [InlineData("""{"type":"Container","max":{"cpu":"1"},"default":{"memory":"1Gi"}}""", """{"requests":{"cpu":"2"},"limits":{"cpu":"2"}}""", "maximum cpu usage per Container is 1, but limit is 2")]
    [InlineData("""{"type":"Container","min":{"memory":"100Mi"}}""", """{"requests":{"memory":"10Mi"}}""", "minimum memory usage per Container is 100Mi, but request is 10Mi")]
    [InlineData(
        """{"type":"Container","min":{"memory":"100Mi","cpu":"1"}}""", """{"requests":{"memory":"10Mi","cpu":"1m"}}""",
        "[minimum cpu usage per Container is 1, but request is 1m, minimum memory usage per Container is 100Mi, but request is 10Mi]")]
    [InlineData(
        """{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{"requests":{"cpu":"100m"},"limits":{"cpu":"300m"}}""",
        "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000")]
    [InlineData(
        """{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", "{}",
        "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0")]
    [InlineData("""{"type":"Pod","max":{"cpu":"1"}}""", "{}", "maximum cpu usage per Pod is 1.  No limit is specified")]
    [InlineData("""{"type":"Pod","min":{"cpu":"1"}}""", "{}", "minimum cpu usage per Pod is 1.  No request is specified")]
    [InlineData("""{"type":"Pod","max":{"cpu":"150m"}}""", """{"limits":{"cpu":"100m"}}""", "maximum cpu usage per Pod is 150m, but limit is 200m")]
    public async Task CreatePod_OutsideTheBounds_IsRefusedInTheServersWords(string limit, string resources, string refusals)
    {
        var ns = await NamespaceAsync(limit);

        // Two containers alike: a sentence that both deserve is said once.
        var answer = await PodAsync(ns, $$"""{"containers":[{"name":"c","image":"i","resources":{{resources}}},{"name":"d","image":"i","resources":{{resources}}}]}""");

        // The server says several in no particular order.
        Assert.Equal(Sentences($"pods \"p\" is forbidden: {refusals}"), Sentences(answer.Refused(HttpStatusCode.Forbidden)));
        Assert.Equal("p", (string?)answer.Body["details"]!["name"]);
        Assert.Equal("pods", (string?)answer.Body["details"]!["kind"]);
    }

    [Fact]
    public async Task CreatePod_WithAnInitContainerLargerThanTheRest_CountsThatForThePod()
    {
        var ns = await NamespaceAsync("""{"type":"Pod","max":{"cpu":"1"}}""");

        var answer = await PodAsync(ns, """
            {"initContainers":[{"name":"s","image":"i","restartPolicy":"Always","resources":{"limits":{"cpu":"200m"}}},{"name":"i","image":"i","resources":{"limits":{"cpu":"900m"}}}],
             "containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"300m"}}}]}
            """);

        Assert.Equal("pods \"p\" is forbidden: maximum cpu usage per Pod is 1, but limit is 1100m", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreatePod_WithinTheBounds_IsStored()
    {
        var ns = await NamespaceAsync("""{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"100m"},"maxLimitRequestRatio":{"cpu":"4"}}""");
        (await PodAsync(ns, """{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"250m"},"limits":{"cpu":"1"}}}]}""")).Ok();
        Assert.Equal("p", (string?)(await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/pods/p")).Ok()["metadata"]!["name"]);
    }

    [Theory]
    [InlineData("1Mi", "minimum storage usage per PersistentVolumeClaim is 10Mi, but request is 1Mi")]
    [InlineData("1Gi", "maximum storage usage per PersistentVolumeClaim is 100Mi, but request is 1Gi")]
    public async Task CreateClaim_OutsideTheBounds_IsRefused(string size, string refusal)
    {
        var ns = await NamespaceAsync("""{"type":"PersistentVolumeClaim","min":{"storage":"10Mi"},"max":{"storage":"100Mi"}}""");
        var answer = await cluster.Client.PostAsync(
            $"api/v1/namespaces/{ns}/persistentvolumeclaims",
            $$$$"""{"metadata":{"name":"c"},"spec":{"storageClassName":"none","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{{size}}}}"}} }}""");
        Assert.Equal($"persistentvolumeclaims \"c\" is forbidden: {refusal}", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task CreateLimitRange_ForContainers_FollowsDefaultsFromBounds()
    {
        var ns = await cluster.NamespaceAsync();
        var made = (await LimitAsync(ns, """{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Mi"}}""")).Ok();
        Same(
            """{"default":{"cpu":"2"},"defaultRequest":{"cpu":"2","memory":"1Mi"},"max":{"cpu":"2"},"min":{"memory":"1Mi"},"type":"Container"}""",
            made["spec"]!["limits"]![0]);
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"2"},"default":{"cpu":"1"},"defaultRequest":{"cpu":"1"}}""",
        "[spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1, spec.limits[0].defaultRequest[cpu]: Invalid value: \"1\": min value 2 is greater than "
        + "default request value 1, spec.limits[0].default[cpu]: Invalid value: \"2\": min value 2 is greater than default value 1]")]
    [InlineData("""{"type":"Pod","default":{"cpu":"1"}}""", "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'")]
    [InlineData("""{"type":"PersistentVolumeClaim"}""", "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided")]
    [InlineData("""{"type":"Other","max":{"cpu":"1"}}""", "spec.limits[0].type: Invalid value: \"Other\": must be a standard limit type or fully qualified")]
    [InlineData("""{"type":"Pod","max":{"pods":"1"}}""", "spec.limits[0].max[pods]: Invalid value: \"pods\": must be a standard resource for containers")]
    [InlineData("""{"type":"Pod","maxLimitRequestRatio":{"cpu":"500m"}}""", "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"500m\": ratio 500m is less than 1")]
    [InlineData("""{"type":"Pod","min":{"cpu":"1"},"max":{"cpu":"2"},"maxLimitRequestRatio":{"cpu":"3"}}""",
        "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"3\": ratio 3 is greater than max/min = 2.000000")]
    public async Task CreateLimitRange_ThatContradictsItself_IsInvalid(string limit, string errors)
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal($"LimitRange \"l\" is invalid: {errors}", (await LimitAsync(ns, limit)).Refused(HttpStatusCode.UnprocessableEntity));
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"{expected} and not {actual?.ToJsonString()}");

    private static IEnumerable<string> Sentences(string message) =>
        message.Replace(": [", ", ", StringComparison.Ordinal).TrimEnd(']').Split(", ").Order(StringComparer.Ordinal);

    private async Task<string> NamespaceAsync(string limit)
    {
        var ns = await cluster.NamespaceAsync();
        (await LimitAsync(ns, limit)).Ok();
        return ns;
    }

    private Task<Answer> LimitAsync(string ns, string limit) =>
        cluster.Client.PostAsync($"api/v1/namespaces/{ns}/limitranges", $$$"""{"metadata":{"name":"l"},"spec":{"limits":[{{{limit}}}]}}""");

    private Task<Answer> PodAsync(string ns, string spec) =>
        cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", $$$"""{"metadata":{"name":"p"},"spec":{{{spec}}}}""");
}
