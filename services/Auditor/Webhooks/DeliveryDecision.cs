using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>What an attempt leads to: pure functions.</summary>
internal static class DeliveryDecision
{
    /// <summary>What a receiver may ask to wait at most.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>An event that is to be delivered from now on.</summary>
    public static Delivery New(string subscription, LogEntry entry, DateTimeOffset now) => new()
    {
        Id = Delivery.IdOf(subscription, entry.Sequence),
        SubscriptionId = subscription,
        Sequence = entry.Sequence,
        EventId = entry.EventId,
        Type = entry.Type,
        Partition = entry.WorkspaceId ?? entry.User ?? "",
        State = DeliveryState.Pending,
        Since = now,
    };

    /// <summary>The delivery after an attempt: arrived, to be tried again, or dead. A 410 leaves it to be tried when it is enabled again.</summary>
    public static Delivery After(Delivery delivery, WebhookAnswer answer, DateTimeOffset started, DateTimeOffset now, DeliveryOptions options, double jitter)
    {
        var attempt = new DeliveryAttempt(started, answer.Outcome, answer.Status, answer.Problem, (int)answer.Duration.TotalMilliseconds);
        var tried = delivery with
        {
            AttemptCount = delivery.AttemptCount + 1,
            Attempts = [.. delivery.Attempts.TakeLast(Delivery.KeptAttempts - 1), attempt],
        };
        return answer.Outcome switch
        {
            WebhookOutcome.Delivered => tried with { State = DeliveryState.Delivered, DoneAt = now, NextAttemptAt = null },
            WebhookOutcome.Gone => tried with { NextAttemptAt = now },
            _ when now - delivery.Since >= options.GiveUpAfter => tried with { State = DeliveryState.Dead, DoneAt = now, NextAttemptAt = null },
            _ => tried with { NextAttemptAt = now + WaitAfter(tried.AttemptCount, answer.RetryAfter, options, jitter) },
        };
    }

    /// <summary>A delivery whose entry is not in the log any more.</summary>
    public static Delivery Archived(Delivery delivery, DateTimeOffset now) => delivery with
    {
        State = DeliveryState.Dead,
        DoneAt = now,
        NextAttemptAt = null,
        Attempts =
        [
            .. delivery.Attempts.TakeLast(Delivery.KeptAttempts - 1),
            new DeliveryAttempt(now, WebhookOutcome.Refused, Status: null, "The entry was archived before it could be delivered.", Milliseconds: 0),
        ],
    };

    /// <summary>
    /// How long to wait after so many attempts: doubled each time, up to a limit, a quarter more or less by <paramref name="jitter"/>
    /// (0 to 1), and at least what the receiver asked for.
    /// </summary>
    public static TimeSpan WaitAfter(int attempts, TimeSpan? retryAfter, DeliveryOptions options, double jitter)
    {
        var doubled = options.FirstRetry * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var wait = (doubled < options.LongestRetry ? doubled : options.LongestRetry) * (0.75 + (jitter / 2));
        var asked = retryAfter < LongestRetryAfter ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : LongestRetryAfter;
        return wait > asked ? wait : asked;
    }
}
