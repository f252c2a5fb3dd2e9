using System.Text.Json.Nodes;
using Workspaces.Injector.Preflight;
using Workspaces.Injector.Tests.Planning;
using Xunit;

namespace Workspaces.Injector.Tests.Preflight;

/// <summary>A pod more does not fit; whether that matters depends on whether the successor is made before its pod is deleted.</summary>
public sealed class QuotaRefusalTests
{
    private const string Pods = "pods \"payments-x\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3";
    private const string Memory = "pods \"payments-x\" is forbidden: exceeded quota: q, requested: limits.memory=2Gi,pods=1, used: limits.memory=3Gi,pods=3, limited: limits.memory=3500Mi,pods=3";

    [Theory]
    [InlineData("StatefulSet", "{}", true)]
    [InlineData("DaemonSet", "{}", true)]
    [InlineData("Deployment", "{}", false)]
    [InlineData("Deployment", """{"strategy":{"type":"Recreate"}}""", true)]
    [InlineData("Deployment", """{"strategy":{"rollingUpdate":{"maxSurge":0}}}""", true)]
    public void PassesInPlace_OfAFullNumberOfPods_IsWhereNoneIsAdded(string kind, string spec, bool passes) =>
        Assert.Equal(passes, QuotaRefusal.PassesInPlace(Pods, Workloads.Of(kind, spec), added: null));

    [Theory]
    [InlineData("256Mi", true)]
    [InlineData("1Gi", false)]
    public void PassesInPlace_OfMemory_CountsWhatTheWorkspaceAdds(string memory, bool passes) => Assert.Equal(
        passes,
        QuotaRefusal.PassesInPlace(Memory, Workloads.Of("StatefulSet"), new JsonObject { ["limits"] = new JsonObject { ["memory"] = memory } }));

    [Fact]
    public void PassesInPlace_OfAnythingElse_IsNo() =>
        Assert.False(QuotaRefusal.PassesInPlace("must specify limits.memory", Workloads.Of("StatefulSet"), added: null));
}
