using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Workspaces.Auditor.Feed;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// Tries to deliver some events: partitions side by side, the events of one in order. Where one fails, those after it in its
/// partition wait for it.
/// </summary>
internal sealed class Deliverer(WebhookSender sender, StoredSecrets storedSecrets, IOptions<DeliveryOptions> options, TimeProvider clock)
{
    private const string ContentType = "application/cloudevents+json"; // structured mode of the CloudEvents HTTP binding

    /// <summary>Returns every delivery as it is afterwards; one that was not tried comes back as it was.</summary>
    public async Task<IReadOnlyList<Delivery>> TryAsync(Subscription subscription, IReadOnlyList<DeliveryTask> tasks, CancellationToken cancellationToken)
    {
        var results = new ConcurrentBag<Delivery>();
        var gone = false;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tasks.GroupBy(task => task.Delivery.Partition), parallel, async (lane, token) =>
        {
            var waits = false;
            foreach (var task in lane)
            {
                var after = waits || Volatile.Read(ref gone) ? task.Delivery : await TryAsync(subscription, task, token);
                results.Add(after);
                waits |= after.State == DeliveryState.Pending;
                if (after.AttemptCount > task.Delivery.AttemptCount && after.Attempts[^1].Outcome == WebhookOutcome.Gone)
                {
                    Volatile.Write(ref gone, true);
                }
            }
        });
        return [.. results];
    }

    private async Task<Delivery> TryAsync(Subscription subscription, DeliveryTask task, CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        if (task.Entry is null || CloudEvent.From(task.Entry) is not { } cloudEvent)
        {
            return DeliveryDecision.Archived(task.Delivery, started);
        }

        var secrets = subscription.Secrets
            .Where(secret => secret.ValidUntil is not { } until || until > started)
            .Select(secret => WebhookSecret.TryParse(storedSecrets.Unprotect(secret.Text, subscription.Id), out var parsed) ? parsed : throw new InvalidOperationException($"A secret of {subscription.Id} is damaged."));
        var message = new WebhookMessage(subscription.Url, task.Delivery.EventId.ToString("D"), ContentType, BodyOf(cloudEvent), [.. secrets]);
        var answer = await sender.SendAsync(message, cancellationToken);
        return DeliveryDecision.After(task.Delivery, answer, started, clock.GetUtcNow(), options.Value, Random.Shared.NextDouble());
    }

    private static ReadOnlyMemory<byte> BodyOf(CloudEvent cloudEvent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            cloudEvent.WriteTo(json);
        }

        return buffer.WrittenMemory;
    }
}
