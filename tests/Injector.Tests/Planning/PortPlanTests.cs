using Workspaces.Injector.Planning;
using Xunit;

namespace Workspaces.Injector.Tests.Planning;

public sealed class PortPlanTests
{
    [Fact]
    public void Choose_WhereNothingIsTaken_IsTheFirst() => Assert.Equal(2222, PortPlan.Choose(Workloads.Of(), "k7f3q2m"));

    [Fact]
    public void Choose_WherePodsAndOtherWorkspacesHavePorts_IsTheNextFree()
    {
        var target = Workloads.Of(
            pod: """{"containers":[{"name":"main","ports":[{"containerPort":2222}]}]}""",
            metadata: """{"annotations":{"workspaces.dev/port-2223":"another","workspaces.dev/port-x":"?"}}""");

        Assert.Equal(2224, PortPlan.Choose(target, "k7f3q2m"));
    }

    [Fact]
    public void Choose_WhereItHasOneReserved_IsThat() => Assert.Equal(
        2230, PortPlan.Choose(Workloads.Of(metadata: """{"annotations":{"workspaces.dev/port-2230":"k7f3q2m"}}"""), "k7f3q2m"));
}
