using System.Globalization;
using Workspaces.Auditor.Benchmarks;

// benchmarks/README.md says what is measured and how. One line for each figure: name, value, unit.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var events = args is [var count] ? long.Parse(count, CultureInfo.InvariantCulture) : 1_000_000;
await using var suite = await Suite.StartAsync(stop.Token);
await using var publisher = await Publisher.StartAsync(suite.RabbitMq, stop.Token);
await new IngestBenchmark(suite, publisher, events).RunAsync(stop.Token);
await new QueryBenchmark(suite).RunAsync(stop.Token);
await new LatencyBenchmark(suite, publisher).RunAsync(perSecond: 100, stop.Token);
await new LatencyBenchmark(suite, publisher).RunAsync(perSecond: 1000, stop.Token);
await new CatchUpBenchmark(suite).RunAsync(stop.Token);
