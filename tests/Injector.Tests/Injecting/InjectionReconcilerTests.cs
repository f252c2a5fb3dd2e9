using Workspaces.Cluster.Records;
using Workspaces.Contracts;
using Workspaces.Injector.Injecting;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

public sealed class InjectionReconcilerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decide_OfARequest_FailsItWithTheReasonAndWhatToDo()
    {
        var record = Settle(Record(DesiredState.Running));

        var failed = Assert.IsType<WorkspaceFailed>(Assert.Single(record.Pending).Read());
        Assert.Equal(FailureReason.Unsupported, failed.Reason);
        Assert.Contains("Leave the target out", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DesiredState.Deleted, typeof(WorkspaceDeleted))]
    [InlineData(DesiredState.Stopped, typeof(WorkspaceStopped))]
    public void Decide_OfWhatTakesAway_IsDoneBecauseNothingWasApplied(DesiredState desired, Type answer)
    {
        var next = InjectionReconciler.Decide(Record(desired), Now);

        Assert.IsType(answer, Assert.Single(next.Pending).Read());
    }

    [Fact]
    public void Decide_OfAFailedRequest_SaysNothingMore()
    {
        var record = Settle(Record(DesiredState.Running));

        Assert.Same(record, InjectionReconciler.Decide(record, Now));
    }

    private static WorkspaceRecord Settle(WorkspaceRecord record)
    {
        for (var next = InjectionReconciler.Decide(record, Now); !ReferenceEquals(next, record); next = InjectionReconciler.Decide(record, Now))
        {
            record = next;
        }

        return record;
    }

    private static WorkspaceRecord Record(DesiredState desired) => new()
    {
        WorkspaceId = "k7f3q2m",
        Model = WorkspaceModel.Injection,
        Generation = 1,
        Desired = desired,
        DesiredAt = Now,
    };
}
