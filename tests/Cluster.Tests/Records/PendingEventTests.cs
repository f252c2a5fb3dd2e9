using System.Text.Json;
using Workspaces.Cluster.Records;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Cluster.Tests.Records;

public sealed class PendingEventTests
{
    [Fact]
    public void Read_AfterStorage_IsTheSameEvent()
    {
        var record = RecordSamples.Applied()
            .Progress(WorkspaceStage.Scheduling, "Looking for a node.", RecordSamples.At)
            .Ready(1, 1, RecordSamples.At)
            .Fail(FailureReason.Start, "words", RecordSamples.At).Failed()
            .Stopped(RecordSamples.At)
            .Deleted(RecordSamples.At);

        var stored = JsonSerializer.Deserialize<WorkspaceRecord>(JsonSerializer.Serialize(record, ContractsJson.Options), ContractsJson.Options)!;

        Assert.Equal(record.Pending.Select(pending => pending.Read()), stored.Pending.Select(pending => pending.Read()));
    }

    [Fact]
    public void Progress_OfAnEarlierOrSameStage_IsNotReportedAgain()
    {
        var record = RecordSamples.Applied().Progress(WorkspaceStage.Initializing, "a", RecordSamples.At);

        Assert.Same(record, record.Progress(WorkspaceStage.Initializing, "b", RecordSamples.At));
        Assert.Same(record, record.Progress(WorkspaceStage.Pulling, "c", RecordSamples.At));
    }

    [Fact]
    public void Fail_WithControlCharacters_IsStrippedOfThem()
    {
        var failed = (WorkspaceFailed)RecordSamples.Applied()
            .Fail(FailureReason.ImagePull, "image \u001b[31mevil\u001b[0m\r\nnot found", RecordSamples.At).Failed().Pending[^1].Read();

        Assert.Equal("image [31mevil [0m not found", failed.Message);
    }

    [Fact]
    public void Clean_OfLongText_IsBounded() => Assert.Equal(Sentence.MaxLength, Sentence.Clean(new string('x', 5000)).Length);

    [Fact]
    public void Read_OfUnknownType_SaysSo() =>
        Assert.Throws<InvalidDataException>(() => new PendingEvent { Type = "SessionOpened", Body = [] }.Read());
}
