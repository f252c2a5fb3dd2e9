using k8s;
using Workspaces.LocalCluster.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>What is left on the machine when LocalCluster's process is killed or stopped.</summary>
public sealed class CleanlinessTests : OwnTests, IDisposable
{
    private const int Pods = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-killed-").FullName;

    public CleanlinessTests()
        : base("processes of the machine")
    {
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        File.WriteAllText(Path.Combine(_folder, "images", "host.yaml"), $"name: {Image}\nhost: true\n");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_WhilePodsStartAndWhileTheyRun_LeavesNothingRunningAndTheNextStartGoesOn()
    {
        // 1. Killed while twenty pods start.
        using (var first = ClusterProcess.Start(_folder))
        {
            await first.ReadyAsync();
            await EventuallyAsync(async () => (await first.Client!.CoreV1.ListNamespacedServiceAccountAsync("default", cancellationToken: Ct)).Items.Count > 0);
            await Task.WhenAll(Enumerable.Range(0, Pods).Select(i => first.Client!.CoreV1.CreateNamespacedPodAsync(ShellPod($"pod-{i}", "exec sleep 987001"), "default", cancellationToken: Ct)));
            await EventuallyAsync(async () => (await ReadyAsync(first)) is > 2 and < Pods);
            await first.KillAsync();
        }

        await NoProcessesAsync();

        // 2. Killed with all of them running.
        using (var second = ClusterProcess.Start(_folder))
        {
            await second.ReadyAsync();
            await Eventually.TrueAsync(async () => await ReadyAsync(second) == Pods, "all pods are ready again", Patience);
            await second.KillAsync();
        }

        await NoProcessesAsync();

        // 3. Killed at any moment of its start, twice in a row.
        for (var i = 0; i < 2; i++)
        {
            using var next = ClusterProcess.Start(_folder);
            var delay = Random.Shared.Next(200, 3000);
            TestContext.Current.TestOutputHelper?.WriteLine($"killed after {delay} ms");
            await Task.Delay(delay, Ct); // the moment is what is tested: any must do
            await next.KillAsync();
        }

        await NoProcessesAsync();

        // 4. The next start brings the pods back; stopped, it leaves nothing at all.
        using (var last = ClusterProcess.Start(_folder))
        {
            await last.ReadyAsync();
            await Eventually.TrueAsync(async () => await ReadyAsync(last) == Pods, "all pods are ready again", Patience);
            Assert.NotEmpty(MachineTraces.Of(State));
            Assert.Equal(0, await last.StopAsync());
        }

        Assert.Empty(MachineTraces.Of(State));
        Assert.False(Directory.Exists(new NodeFolders(State).Runtime));
    }

    private static async Task<int> ReadyAsync(ClusterProcess cluster) =>
        (await cluster.Client!.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Ct)).Items.Count(IsReady);

    /// <summary>The kernel ends the processes of the node's namespaces with the process that was killed, in a moment.</summary>
    private Task NoProcessesAsync() =>
        EventuallyAsync(() => Task.FromResult(!MachineTraces.Of(State).Any(trace => trace.StartsWith("process", StringComparison.Ordinal))));
}
