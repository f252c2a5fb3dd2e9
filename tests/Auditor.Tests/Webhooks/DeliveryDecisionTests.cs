using Workspaces.Auditor.Webhooks;
using Workspaces.ServiceDefaults.Webhooks;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

public sealed class DeliveryDecisionTests
{
    private static readonly DateTimeOffset Now = Messages.Time;
    private static readonly DeliveryOptions Options = new();

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(5, 80)]
    [InlineData(10, 2560)]
    [InlineData(11, 3600)]
    [InlineData(1000, 3600)]
    public void WaitAfter_Attempts_IsDoubledUpToAnHour(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DeliveryDecision.WaitAfter(attempts, retryAfter: null, Options, jitter: 0.5));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(60, 60)]
    [InlineData(86400, 3600)]
    [InlineData(-60, 5)]
    public void WaitAfter_RetryAfter_IsTheLeastAndAnHourTheMost(int retryAfter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DeliveryDecision.WaitAfter(1, TimeSpan.FromSeconds(retryAfter), Options, jitter: 0.5));

    [Fact]
    public void After_Delivered_IsDone()
    {
        var after = After(New(), WebhookOutcome.Delivered, 200);

        Assert.Equal((DeliveryState.Delivered, Now, null, 1), (after.State, after.DoneAt, after.NextAttemptAt, after.AttemptCount));
        Assert.Equal(200, Assert.Single(after.Attempts).Status);
    }

    [Theory]
    [InlineData(WebhookOutcome.Rejected)]
    [InlineData(WebhookOutcome.Unreachable)]
    [InlineData(WebhookOutcome.TimedOut)]
    [InlineData(WebhookOutcome.Refused)]
    public void After_Failed_IsTriedAgainUntilThreeDaysHavePassed(WebhookOutcome outcome)
    {
        var soon = After(New(), outcome);
        var almost = After(New(Now - TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1)), outcome);
        var late = After(New(Now - TimeSpan.FromDays(3)), outcome);

        Assert.Equal((DeliveryState.Pending, Now + TimeSpan.FromSeconds(5)), (soon.State, soon.NextAttemptAt));
        Assert.Equal(DeliveryState.Pending, almost.State);
        Assert.Equal((DeliveryState.Dead, Now), (late.State, late.DoneAt));
    }

    [Fact]
    public void After_Gone_WaitsForItsSubscriptionToBeEnabled() => Assert.Equal(DeliveryState.Pending, After(New(Now - TimeSpan.FromDays(9)), WebhookOutcome.Gone, 410).State);

    [Fact]
    public void After_ManyAttempts_KeepsTheNewest()
    {
        var delivery = New();
        for (var i = 0; i < 100; i++)
        {
            delivery = After(delivery, WebhookOutcome.Rejected, 500 + i);
        }

        Assert.Equal((100, Delivery.KeptAttempts, 599), (delivery.AttemptCount, delivery.Attempts.Count, delivery.Attempts[^1].Status));
    }

    private static Delivery New(DateTimeOffset? since = null) => PendingDeliveriesTests.Pending(1, "abc") with { Since = since ?? Now };

    private static Delivery After(Delivery delivery, WebhookOutcome outcome, int? status = null) => DeliveryDecision.After(
        delivery, new WebhookAnswer(outcome, status, "It failed.", RetryAfter: null, TimeSpan.FromMilliseconds(7)), Now, Now, Options, jitter: 0.5);
}
