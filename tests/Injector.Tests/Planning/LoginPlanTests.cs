using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.Contracts.Blueprints;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Tests.Running;
using Xunit;

namespace Workspaces.Injector.Tests.Planning;

/// <summary>As whom people log in, so that they can see the target's processes.</summary>
public sealed class LoginPlanTests
{
    [Fact]
    public void Of_ATargetWithAUser_IsThatUserWithoutAnyCapability()
    {
        var plan = Plan(Commands.Minimal, """{"securityContext":{"runAsUser":10001,"runAsGroup":10002}}""");

        Assert.Equal((10001, 10002, true), (plan.Login.Uid, plan.Login.Gid, plan.Login.Unprivileged));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Of_ABlueprintWithSysPtrace_IsRoot()
    {
        var plan = Plan(Commands.Debug, """{"securityContext":{"runAsUser":10001}}""");

        Assert.Equal((0, 0, false), (plan.Login.Uid, plan.Login.Gid, plan.Login.Unprivileged));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Of_ATargetWhoseNodeReportsItsUser_IsThatUser()
    {
        var running = new V1Pod
        {
            Status = new V1PodStatus
            {
                ContainerStatuses =
                [
                    new V1ContainerStatus { Name = "main", User = new V1ContainerUser { Linux = new V1LinuxContainerUser { Uid = 999, Gid = 998 } } },
                ],
            },
        };

        Assert.Equal((999, 998), (Plan(Commands.Minimal, "{}", running).Login.Uid, Plan(Commands.Minimal, "{}", running).Login.Gid));
    }

    [Fact]
    public void Of_ABlueprintWithAUser_KeepsItAndSaysWhatIsHidden()
    {
        var plan = Plan(Commands.Minimal with { User = new BlueprintUser { Uid = 1000 } }, """{"securityContext":{"runAsUser":10001}}""");

        Assert.Equal((1000, true), (plan.Login.Uid, plan.Login.Unprivileged));
        Assert.Contains("not visible", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ATargetThatRunsAsNobodyKnowsWhom_IsRootAndSaysWhatMayBeHidden()
    {
        var plan = Plan(Commands.Minimal, "{}");

        Assert.Equal(0, plan.Login.Uid);
        Assert.Contains("SYS_PTRACE", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"securityContext":{"runAsUser":0}}""", "MKNOD,NET_RAW")]
    [InlineData("""{"securityContext":{"runAsUser":0,"capabilities":{"drop":["NET_RAW"]}}}""", "MKNOD")]
    [InlineData("""{"securityContext":{"runAsUser":0,"capabilities":{"drop":["ALL"]}}}""", "")]
    public void Of_ATargetThatIsRoot_KeepsTheCapabilitiesThatItHas(string container, string kept) =>
        Assert.Equal(kept, string.Join(',', Plan(Commands.Minimal, container).Login.Kept));

    private static LoginPlan Plan(Blueprint blueprint, string container, params V1Pod[] running)
    {
        var one = JsonNode.Parse(container)!.AsObject();
        one["name"] = "main";
        var target = Workloads.Of(pod: new JsonObject { ["containers"] = new JsonArray { one } }.ToJsonString());
        return LoginPlan.Of(blueprint, target.Template.Spec, InjectionPlan.ContainerOf(target), running);
    }
}
