using System.Text.Json.Nodes;
using Workspaces.Contracts.Blueprints;
using Workspaces.Injector.Planning;
using Xunit;

namespace Workspaces.Injector.Tests.Planning;

/// <summary>https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/</summary>
public sealed class ResourcePlanTests
{
    private const string Guaranteed = """{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1000m","memory":"1Gi"}}""";
    private const string Burstable = """{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}""";

    private static readonly BlueprintResources Wished = new() { Limits = new Dictionary<string, string> { ["memory"] = "2Gi" } };

    [Fact]
    public void Of_APodOfClassBestEffort_AsksForNothing() => Assert.Null(Of("{}"));

    [Fact]
    public void Of_APodOfClassGuaranteed_LimitsWhatItRequests()
    {
        var resources = Of(Guaranteed)!;

        Assert.Equal("""{"cpu":"100m","memory":"2Gi"}""", resources["requests"]!.ToJsonString());
        Assert.Equal(resources["requests"]!.ToJsonString(), resources["limits"]!.ToJsonString());
    }

    [Fact]
    public void Of_APodOfClassBurstable_RequestsLittleAndLimitsWhatOthersLimit() => Assert.Equal(
        """{"requests":{"cpu":"10m","memory":"32Mi"},"limits":{"memory":"2Gi"}}""", Of(Burstable)!.ToJsonString());

    [Fact]
    public void Of_APodWithResourcesOfItsOwn_LeavesThemToIt() => Assert.Null(Of(Burstable, """{"limits":{"cpu":"2"}}"""));

    private static JsonObject? Of(string container, string? pod = null)
    {
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray { new JsonObject { ["name"] = "main", ["resources"] = JsonNode.Parse(container) } },
        };
        if (pod is not null)
        {
            spec["resources"] = JsonNode.Parse(pod);
        }

        var target = Workloads.Of(pod: spec.ToJsonString());
        return ResourcePlan.Of(Wished, target.Template.Spec, target.OwnContainers);
    }
}
