using System.Collections.Concurrent;
using System.Text.Json;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>
/// From stored to received: what an entry says of when it was stored, before its commit, to when each subscriber had it. All on one machine, so one clock.
/// </summary>
internal sealed class LatencyBenchmark(Suite suite, Publisher publisher)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);

    public async Task RunAsync(int perSecond, CancellationToken ct)
    {
        var after = await suite.LastAsync(ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var webhook = await WebhookSubscriber.StartAsync(suite, after, ct);
        await using var broker = await BrokerSubscriber.StartAsync(suite, ct);
        var stream = new StreamSubscriber(suite, after);
        var following = stream.FollowAsync(stop.Token);

        var sent = await PublishAsync(perSecond, ct);
        (string Name, ConcurrentDictionary<Guid, DateTimeOffset> Received)[] subscribers = [("sse", stream.Received), ("amqp", broker.Received), ("webhook", webhook.Received)];
        var deadline = DateTimeOffset.UtcNow + SettleLimit;
        while (subscribers.Any(subscriber => sent.Exists(id => !subscriber.Received.ContainsKey(id))) && DateTimeOffset.UtcNow < deadline)
        {
            await Task.Delay(100, ct);
        }

        await stop.CancelAsync();
        await following;
        var stored = await StoredAsync(after, ct);
        foreach (var (name, received) in subscribers)
        {
            Figures.Print($"feed_{name}_lost_at_{perSecond}", sent.Count(id => !received.ContainsKey(id)), "events");
            Figures.PrintPercentiles($"feed_{name}_at_{perSecond}", sent.Where(received.ContainsKey).Select(id => (received[id] - stored[id]).TotalMilliseconds));
        }
    }

    private async Task<List<Guid>> PublishAsync(int perSecond, CancellationToken ct)
    {
        var sent = new List<Guid>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var start = DateTimeOffset.UtcNow;
        while (DateTimeOffset.UtcNow - start < Duration && await timer.WaitForNextTickAsync(ct))
        {
            while (sent.Count < (DateTimeOffset.UtcNow - start).TotalSeconds * perSecond)
            {
                sent.Add(await publisher.PublishAsync(ct));
            }
        }

        await publisher.FlushAsync();
        return sent;
    }

    private async Task<Dictionary<Guid, DateTimeOffset>> StoredAsync(long after, CancellationToken ct)
    {
        var stored = new Dictionary<Guid, DateTimeOffset>();
        for (var more = true; more;)
        {
            using var page = JsonDocument.Parse(await suite.Client.GetByteArrayAsync(new Uri($"v1/events?after={after}&limit=1000", UriKind.Relative), ct));
            foreach (var entry in page.RootElement.GetProperty("events").EnumerateArray())
            {
                stored[entry.GetProperty("eventId").GetGuid()] = entry.GetProperty("storedAt").GetDateTimeOffset();
            }

            after = page.RootElement.GetProperty("next").GetInt64();
            more = page.RootElement.GetProperty("more").GetBoolean();
        }

        return stored;
    }
}
