using System.Diagnostics;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>
/// From the broker's queue into the log, while the log grows: how many a second, and what one costs, in windows at the beginning and at the end. The publisher
/// stays a little ahead, so that the Auditor always has work and the broker no mountain.
/// </summary>
internal sealed class IngestBenchmark(Suite suite, Publisher publisher, long events)
{
    private const int MostAhead = 20_000;
    private const int Window = 20_000;

    private static readonly long[] Sizes = [10_000, 100_000, 1_000_000];

    public async Task RunAsync(CancellationToken ct)
    {
        var publishing = PublishAsync(ct);
        var windows = new List<(string Size, Cost Cost)>();
        foreach (var size in Sizes.Where(size => size <= events))
        {
            var cost = await MeasureAsync(Math.Max(0, size - Window), size, publishing, ct);
            windows.Add((size < 1_000_000 ? $"{size / 1000}k" : "1m", cost));
        }

        await publishing;
        await suite.UntilAsync(publisher.Confirmed, ct);
        foreach (var (size, cost) in windows)
        {
            Figures.Print($"store_rate_at_{size}", cost.Rate, "events/s");
            Figures.Print($"store_cost_at_{size}_auditor", cost.Auditor, "us/event");
            Figures.Print($"store_cost_at_{size}_postgresql", cost.Postgres, "us/event");
        }

        Figures.Print("store_cost_last_to_first", (windows[^1].Cost.Auditor + windows[^1].Cost.Postgres) / (windows[0].Cost.Auditor + windows[0].Cost.Postgres), "ratio");
        Figures.Print("store_lost", publisher.Confirmed - await suite.LastAsync(ct), "events");
        Figures.Print("memory_after_ingest", suite.ResidentMegabytes(), "MB");
        await VerifyAsync(ct);
    }

    private async Task VerifyAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var answer = await suite.Client.GetStringAsync(new Uri("v1/log/verify", UriKind.Relative), ct);
        if (!answer.Contains("\"isWhole\":true", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The log is not whole: {answer}");
        }

        Figures.Print("verify_rate", await suite.LastAsync(ct) / watch.Elapsed.TotalSeconds, "events/s");
    }

    private async Task<Cost> MeasureAsync(long from, long to, Task publishing, CancellationToken ct)
    {
        await UntilAsync(from, publishing, ct);
        var (first, watch, before) = (await suite.LastAsync(ct), Stopwatch.StartNew(), suite.ProcessorTime());
        await UntilAsync(to, publishing, ct);
        var (count, after) = (await suite.LastAsync(ct) - first, suite.ProcessorTime());
        return new Cost(count / watch.Elapsed.TotalSeconds, (after.Auditor - before.Auditor) * 1000 / count, (after.Postgres - before.Postgres) * 1000 / count);
    }

    private async Task UntilAsync(long sequence, Task publishing, CancellationToken ct)
    {
        var stored = suite.UntilAsync(sequence, ct);
        if (await Task.WhenAny(stored, publishing) == publishing)
        {
            await publishing; // says why, if it failed
        }

        await stored;
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        long stored = 0;
        for (var i = 0L; i < events; i++)
        {
            await publisher.PublishAsync(ct);
            if (i % 1000 == 0)
            {
                while (i - stored > MostAhead && (stored = await suite.LastAsync(ct)) < i - MostAhead)
                {
                    await Task.Delay(20, ct);
                }
            }
        }

        await publisher.FlushAsync();
    }

    private sealed record Cost(double Rate, double Auditor, double Postgres);
}
