using Workspaces.Cluster.Records;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Cluster.Tests.Records;

public sealed class RecordTransitionsTests
{
    [Fact]
    public void Apply_Request_MakesARecordWithEverythingThatIsNeeded()
    {
        var record = RecordTransitions.Apply(null, RecordSamples.Requested(), "00-trace-span-01");

        Assert.Equal((DesiredState.Running, 1L, "00-trace-span-01"), (record.Desired, record.Generation, record.TraceParent));
        Assert.Equal("alice-dev", record.Request!.Name);
        Assert.Equal("workspaces/workspace", record.Request.Blueprint.Image);
    }

    [Fact]
    public void Apply_Duplicate_ChangesNothing()
    {
        var record = RecordSamples.Applied();

        Assert.Same(record, RecordTransitions.Apply(record, RecordSamples.Requested(), null));
    }

    [Fact]
    public void Apply_NewGeneration_BeginsANewOutcomeAndKeepsTheRest()
    {
        var record = RecordSamples.Applied().Ready(1, 1, RecordSamples.At);

        var next = RecordTransitions.Apply(record, RecordSamples.StopRequested(2), null);

        Assert.Equal((DesiredState.Stopped, 2L, OutcomeState.Pending), (next.Desired, next.Generation, next.Outcome.State));
        Assert.Equal(record.Applied, next.Applied);
        Assert.Equal(record.Request, next.Request);
        Assert.Equal(record.Pending, next.Pending);
    }

    /// <summary>Whatever the order of arrival, the newest generation is what is wanted in the end.</summary>
    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 3, 2)]
    public void Apply_InAnyOrder_EndsWithTheNewest(int first, int second, int third)
    {
        IWorkspaceCommand[] commands = [RecordSamples.Requested(), RecordSamples.StopRequested(2), RecordSamples.StartRequested(3)];
        WorkspaceRecord? record = null;
        foreach (var generation in new[] { first, second, third, third, first })
        {
            record = RecordTransitions.Apply(record, commands[generation - 1], null);
        }

        Assert.Equal((DesiredState.Running, 3L), (record!.Desired, record.Generation));
        Assert.NotNull(record.Request);
    }

    [Fact]
    public void Apply_RequestAfterItsDeletion_StaysDeleted()
    {
        var record = RecordTransitions.Apply(null, RecordSamples.DeletionRequested(2), null);

        var after = RecordTransitions.Apply(record, RecordSamples.Requested(), null);

        Assert.Same(record, after);
        Assert.Equal(DesiredState.Deleted, after.Desired);
    }
}
