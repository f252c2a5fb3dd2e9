using Workspaces.Auditor.Webhooks;
using Workspaces.ServiceDefaults.Webhooks;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

public sealed class PendingDeliveriesTests
{
    private static readonly DateTimeOffset Now = Messages.Time;

    [Fact]
    public void Due_FirstOfAPartitionWaits_SoDoTheOthersOfIt()
    {
        var pending = new PendingDeliveries([Pending(1, "a", inSeconds: 1), Pending(2, "b", inSeconds: 0), Pending(3, "a"), Pending(4, "b")]);

        Assert.Equal([2, 4], pending.Due(Now, 100).Select(delivery => delivery.Sequence));
        Assert.Equal([1, 3, 2, 4], pending.Due(Now.AddSeconds(1), 100).Select(delivery => delivery.Sequence));
    }

    [Fact]
    public void Apply_Done_ItsPartitionWaitsNoMoreWhenItWasTheLast()
    {
        var pending = new PendingDeliveries([Pending(1, "a"), Pending(3, "a")]);

        pending.Apply(Pending(1, "a") with { State = DeliveryState.Delivered });
        Assert.True(pending.Blocks("a"));
        pending.Apply(Pending(3, "a") with { State = DeliveryState.Dead });

        Assert.False(pending.Blocks("a"));
        Assert.Equal((0, null), (pending.Count, pending.NextAt()));
    }

    [Fact]
    public void Apply_SameAgain_CountsOnce()
    {
        var pending = new PendingDeliveries([Pending(1, "a"), Pending(1, "a", inSeconds: 9)]);

        Assert.Equal((1, Now.AddSeconds(9)), (pending.Count, pending.NextAt()));
        pending.Apply(Pending(1, "a") with { State = DeliveryState.Delivered });
        Assert.False(pending.Blocks("a"));
    }

    [Fact]
    public void ReceiverIsBack_WhatCouldNotReachIt_IsDueNow()
    {
        var pending = new PendingDeliveries([Tried(1, "a", status: null), Tried(2, "b", status: 503), Tried(3, "c", status: 400)]);

        var changed = pending.ReceiverIsBack(Now);

        Assert.Equal([1, 2], changed.Select(delivery => delivery.Sequence));
        Assert.Equal([1, 2], pending.Due(Now, 100).Select(delivery => delivery.Sequence));
    }

    [Fact]
    public void Due_Many_StopsAtAboutTheLimit() =>
        Assert.InRange(new PendingDeliveries(Enumerable.Range(1, 1000).Select(i => Pending(i, $"{i % 100}"))).Due(Now, 50).Count, 50, 60);

    internal static Delivery Pending(long sequence, string partition, int? inSeconds = null) => new()
    {
        Id = Delivery.IdOf("sub_1", sequence),
        SubscriptionId = "sub_1",
        Sequence = sequence,
        EventId = Guid.NewGuid(),
        Type = "WorkspaceReady",
        Partition = partition,
        State = DeliveryState.Pending,
        Since = Now,
        NextAttemptAt = inSeconds is { } seconds ? Now.AddSeconds(seconds) : null,
    };

    private static Delivery Tried(long sequence, string partition, int? status) => Pending(sequence, partition, inSeconds: 1000) with
    {
        Attempts = [new DeliveryAttempt(Now, status is null ? WebhookOutcome.Unreachable : WebhookOutcome.Rejected, status, "It failed.", 1)],
    };
}
