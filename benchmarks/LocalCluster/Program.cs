using Workspaces.LocalCluster.Benchmarks;

// benchmarks/README.md says what is measured and how. One line for each figure: name, value, unit.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

await using (var cluster = await ClusterProcess.StartAsync(withNode: true, stop.Token))
{
    await new PodBenchmark(cluster).RunAsync(stop.Token);
}

await using (var cluster = await ClusterProcess.StartAsync(withNode: false, stop.Token))
{
    await new ReplicaBenchmark(cluster).RunAsync(stop.Token);
}
