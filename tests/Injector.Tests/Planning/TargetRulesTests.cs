using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Xunit;

namespace Workspaces.Injector.Tests.Planning;

public sealed class TargetRulesTests
{
    [Theory]
    [InlineData("Deployment", """{"paused":true}""", "{}", "kubectl rollout resume")]
    [InlineData("Deployment", """{"replicas":0}""", "{}", "no replicas")]
    [InlineData("Deployment", "{}", """{"shareProcessNamespace":false}""", "shareProcessNamespace: false")]
    [InlineData("Deployment", "{}", """{"hostNetwork":true}""", "hostNetwork: true")]
    [InlineData("StatefulSet", """{"updateStrategy":{"type":"OnDelete"}}""", "{}", "OnDelete")]
    [InlineData("StatefulSet", """{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":3}}}""", "{}", "partition")]
    [InlineData("DaemonSet", """{"updateStrategy":{"type":"OnDelete"}}""", "{}", "OnDelete")]
    public void Check_OfAWorkloadWhosePodsWouldNotBeReplaced_SaysSo(string kind, string spec, string pod, string word)
    {
        var refusal = TargetRules.Check(Workloads.Of(kind, spec, pod), InjectionMode.Rollout);

        Assert.Contains(word, refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deployment", "{}", "{}")]
    [InlineData("Deployment", """{"strategy":{"type":"Recreate"}}""", """{"shareProcessNamespace":true}""")]
    [InlineData("StatefulSet", """{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}}""", """{"hostPID":true}""")]
    public void Check_OfAWorkloadThatCanBeEntered_HasNothingAgainstIt(string kind, string spec, string pod) =>
        Assert.Null(TargetRules.Check(Workloads.Of(kind, spec, pod), InjectionMode.Rollout));

    [Fact]
    public void Check_OfModeLive_IsRefusedUntilItIsOffered() =>
        Assert.Equal(FailureReason.Unsupported, TargetRules.Check(Workloads.Of(), InjectionMode.Live)!.Reason);
}
