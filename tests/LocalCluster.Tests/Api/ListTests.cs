using System.Net;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Lists: which state they show, how they are continued, and how what makes no sense is refused.</summary>
public sealed class ListTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task List_OfAnExactVersion_ShowsWhatThereWas()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("a"))).Ok();
        var then = (string)(await cluster.Client.GetAsync(Wire.ConfigMaps(ns))).Ok()["metadata"]!["resourceVersion"]!;
        (await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("b"))).Ok();
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"{Wire.ConfigMaps(ns)}/a", null, "application/json")).Ok();

        var exact = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?resourceVersion={then}&resourceVersionMatch=Exact");
        Assert.Equal(["a", "kube-root-ca.crt"], Names(exact).Where(n => n.Length == 1 || n.StartsWith("kube", StringComparison.Ordinal)));
        Assert.Equal(then, (string?)exact.Body["metadata"]!["resourceVersion"]);
        var limited = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?resourceVersion={then}&limit=50");
        Assert.Contains("a", Names(limited));
        var newest = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?resourceVersion={then}&resourceVersionMatch=NotOlderThan");
        Assert.DoesNotContain("a", Names(newest));
        Assert.Contains("b", Names(newest));
    }

    [Fact]
    public async Task List_OfAVersionToCome_TimesOutAndSaysWhatIsCurrent()
    {
        var ns = await cluster.NamespaceAsync();
        var refused = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?resourceVersion=99999999");
        Assert.StartsWith("Timeout: Too large resource version: 99999999, current: ", refused.Refused(HttpStatusCode.GatewayTimeout), StringComparison.Ordinal);
        Assert.Equal("ResourceVersionTooLarge", (string?)refused.Body["details"]!["causes"]![0]!["reason"]);
        Assert.Equal(1, (int)refused.Body["details"]!["retryAfterSeconds"]!);
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", HttpStatusCode.UnprocessableEntity, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", HttpStatusCode.UnprocessableEntity, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("sendInitialEvents=true", HttpStatusCode.UnprocessableEntity, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("resourceVersion=x", HttpStatusCode.BadRequest, "invalid resource version: resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax")]
    [InlineData("limit=x", HttpStatusCode.BadRequest, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("fieldSelector=foo%3Dbar", HttpStatusCode.BadRequest, "\"foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    public async Task List_WithParametersThatMakeNoSense_IsRefused(string query, HttpStatusCode code, string why)
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal(why, (await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?{query}")).Refused(code));
    }

    [Fact]
    public async Task List_OfPodsByAnUnknownField_IsRefused()
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal("field label not supported: foo", (await cluster.Client.GetAsync($"/api/v1/namespaces/{ns}/pods?fieldSelector=foo%3Dbar")).Refused(HttpStatusCode.BadRequest));
    }

    private static IEnumerable<string> Names(Answer list) => list.Ok()["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!);
}
