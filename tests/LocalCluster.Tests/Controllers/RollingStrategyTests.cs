using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Controllers.Deployments;
using Workspaces.LocalCluster.Controllers.Pods;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class RollingStrategyTests
{
    private static readonly DateTime Now = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("25%", "25%", 4, 1, 1)]
    [InlineData("25%", "25%", 10, 3, 2)]
    [InlineData("25%", "25%", 1, 1, 0)]
    [InlineData("0", "1%", 2, 0, 1)]
    [InlineData("1%", "25%", 2, 1, 0)]
    [InlineData("3", "2", 10, 3, 2)]
    [InlineData("0%", "0%", 10, 0, 1)]
    [InlineData("100%", "0", 7, 7, 0)]
    public void Resolve_NumbersAndPercents_RoundSurgeUpAndUnavailabilityDown(string surge, string unavailable, int desired, int surgePods, int unavailablePods) =>
        Assert.Equal((surgePods, unavailablePods), RollingLimits.Resolve(surge, unavailable, desired));

    [Fact]
    public void Decide_NoReplicaSet_MakesItFullSize() => Assert.Equal([new DeploymentAction.Create(3, 1)], Decide(3, "1", "0"));

    [Fact]
    public void Decide_NewTemplate_MakesItWithTheSurge() => Assert.Equal([new DeploymentAction.Create(1, 2)], Decide(3, "1", "0", Set("old", 3, 3, revision: 1)));

    [Fact]
    public void Decide_NoSurge_MakesTheNewEmptyAndLowersTheOld()
    {
        var old = Set("old", 3, 3, revision: 1);
        Assert.Equal([new DeploymentAction.Create(0, 2)], Decide(3, "0", "1", old));
        Assert.Equal(["old 3>2"], Scales(3, "0", "1", old, Set("new", 0, 0, present: true, revision: 2)));
    }

    [Fact]
    public void Decide_NewNotAvailable_LeavesTheOld() => Assert.Empty(Scales(3, "1", "0", Set("old", 3, 3, revision: 1), Set("new", 1, 0, present: true, revision: 2)));

    [Fact]
    public void Decide_NewAvailable_LowersTheOldByAsMany() =>
        Assert.Equal(["old 3>2"], Scales(3, "1", "0", Set("old", 3, 3, revision: 1), Set("new", 1, 1, present: true, revision: 2)));

    [Fact]
    public void Decide_BadRolloutRolledBack_RemovesUnavailableOldPodsFirst() => Assert.Equal(
        ["bad 5>1"], // 13 pods, 8 must be available, 1 of the good ones is not
        Scales(10, "3", "2", Set("bad", 5, 0, revision: 2), Set("good", 8, 7, present: true, revision: 3)));

    [Fact]
    public void Decide_RollOver_RemovesUnavailableOfTheMiddleOneAndSpareOfTheOldest() => Assert.Equal(
        ["bad 5>0"],
        Scales(10, "3", "2", Set("oldest", 8, 8, revision: 1), Set("bad", 5, 0, revision: 2, age: 50), Set("new", 0, 0, present: true, revision: 3)));

    [Fact]
    public void Decide_TooManyOfTheNew_LowersIt() => Assert.Equal(["new 5>3"], Scales(3, "1", "0", Set("new", 5, 5, present: true, revision: 1, desired: 3)));

    [Fact]
    public void Decide_ScaledInTheMiddle_SpreadsInProportion()
    {
        // The documentation's example: 10 replicas with surge 3 and unavailability 2, 8 old and 5 new, scaled to 15.
        var actions = Scales(15, "3", "2", Set("old", 8, 8, revision: 1, desired: 10, max: 13), Set("new", 5, 0, present: true, revision: 2, desired: 10, max: 13, age: 10));
        Assert.Equal(["old 8>11", "new 5>7"], actions);
    }

    [Fact]
    public void Decide_ScaledToZeroInTheMiddle_EmptiesBoth()
    {
        var actions = Scales(0, "3", "2", Set("old", 8, 8, revision: 1, desired: 10, max: 13), Set("new", 5, 0, present: true, revision: 2, desired: 10, max: 13, age: 10));
        Assert.Equal(["old 8>0", "new 5>0"], actions);
    }

    [Fact]
    public void Decide_PausedAndScaledWithOneSet_ScalesThatOne() => Assert.Equal(
        ["old 3>5"], Scales(State(5, "1", "0", [Set("old", 3, 3, revision: 1)], spec => spec.Paused = true)));

    [Fact]
    public void Decide_Paused_DoesNotRoll() => Assert.Empty(
        Scales(State(
            3, "1", "0", [Set("old", 3, 3, revision: 1, desired: 3, max: 4), Set("new", 1, 1, present: true, revision: 2, desired: 3, max: 4)], spec => spec.Paused = true)));

    [Fact]
    public void Decide_Recreate_MakesNothingBeforeTheOldEnded()
    {
        static void Recreate(V1DeploymentSpec spec) => spec.Strategy = new V1DeploymentStrategy { Type = "Recreate" };
        Assert.Equal(["old 2>0"], Scales(State(2, "0", "0", [Set("old", 2, 2, revision: 1)], Recreate)));
        Assert.Empty(DeploymentPlan.Decide(State(2, "0", "0", [Set("old", 0, 0, revision: 1)], Recreate, oldPodsRun: true)));
        Assert.Equal([new DeploymentAction.Create(2, 2)], DeploymentPlan.Decide(State(2, "0", "0", [Set("old", 0, 0, revision: 1)], Recreate)));
    }

    [Fact]
    public void Decide_Complete_ForgetsRevisionsBeyondTheLimit()
    {
        var state = State(
            1, "1", "0", [Set("one", 0, 0, revision: 1), Set("two", 0, 0, revision: 2), Set("new", 1, 1, present: true, revision: 3, desired: 1, max: 2)],
            spec => spec.RevisionHistoryLimit = 1);
        state.Deployment.Status = new V1DeploymentStatus { Replicas = 1, UpdatedReplicas = 1, AvailableReplicas = 1, ObservedGeneration = 1 };
        Assert.Equal("one", Assert.IsType<DeploymentAction.Delete>(Assert.Single(DeploymentPlan.Decide(state))).Set.Name);
    }

    [Fact]
    public void Decide_BackToAnOldTemplate_GivesItTheNextRevisionAndRemembersItsOld()
    {
        var actions = DeploymentPlan.Decide(State(3, "1", "0", [Set("back", 0, 0, present: true, revision: 1), Set("now", 3, 3, revision: 2)]));
        var annotate = Assert.IsType<DeploymentAction.Annotate>(actions[0]);
        Assert.Equal(("3", "1"), (annotate.Annotations[DeploymentAnnotations.Revision], annotate.Annotations[DeploymentAnnotations.RevisionHistory]));
    }

    private static IReadOnlyList<DeploymentAction> Decide(int replicas, string surge, string unavailable, params ReplicaSetView[] sets) =>
        DeploymentPlan.Decide(State(replicas, surge, unavailable, sets));

    private static IEnumerable<string> Scales(int replicas, string surge, string unavailable, params ReplicaSetView[] sets) => Scales(State(replicas, surge, unavailable, sets));

    private static IEnumerable<string> Scales(DeploymentState state) =>
        DeploymentPlan.Decide(state).OfType<DeploymentAction.Scale>().Select(scale => $"{scale.Set.Name} {scale.From}>{scale.To}");

    private static DeploymentState State(
        int replicas, string surge, string unavailable, IEnumerable<ReplicaSetView> sets, Action<V1DeploymentSpec>? change = null, bool oldPodsRun = false)
    {
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "web", Generation = 1 },
            Spec = new V1DeploymentSpec
            {
                Replicas = replicas,
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable },
                },
            },
        };
        change?.Invoke(deployment.Spec);
        return new DeploymentState(deployment, Template("new"), sets, oldPodsRun, Now);
    }

    private static JsonObject Template(string name) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "web" } },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = name }) },
    };

    private static ReplicaSetView Set(
        string name, int size, int available, bool present = false, int revision = 1, int age = 100, int? desired = null, int? max = null)
    {
        var annotations = new Dictionary<string, string> { [DeploymentAnnotations.Revision] = $"{revision}" };
        if (desired is not null)
        {
            annotations[DeploymentAnnotations.DesiredReplicas] = $"{desired}";
        }

        if (max is not null)
        {
            annotations[DeploymentAnnotations.MaxReplicas] = $"{max}";
        }

        return new ReplicaSetView
        {
            Name = name,
            Created = Now.AddSeconds(-age),
            Size = size,
            Generation = 1,
            Status = new V1ReplicaSetStatus { Replicas = size, ReadyReplicas = available, AvailableReplicas = available, ObservedGeneration = 1 },
            Annotations = annotations,
            Template = PodTemplates.WithHash(Template(present ? "new" : name), name),
        };
    }
}
