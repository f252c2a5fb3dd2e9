using System.Diagnostics;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>How quickly a subscriber that was away has what it missed.</summary>
internal sealed class CatchUpBenchmark(Suite suite)
{
    private const int StreamEvents = 50_000;
    private const int WebhookEvents = 10_000;

    public async Task RunAsync(CancellationToken ct)
    {
        var last = await suite.LastAsync(ct);
        var watch = Stopwatch.StartNew();
        var stream = new StreamSubscriber(suite, Math.Max(0, last - StreamEvents));
        await stream.FollowAsync(ct, (int)Math.Min(last, StreamEvents));
        Figures.Print("catch_up_sse", stream.Received.Count / watch.Elapsed.TotalSeconds, "events/s");

        watch.Restart();
        await using var webhook = await WebhookSubscriber.StartAsync(suite, Math.Max(0, last - WebhookEvents), ct);
        while (webhook.Received.Count < Math.Min(last, WebhookEvents))
        {
            await Task.Delay(20, ct);
        }

        Figures.Print("catch_up_webhook", webhook.Received.Count / watch.Elapsed.TotalSeconds, "events/s");
    }
}
