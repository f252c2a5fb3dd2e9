using k8s.Models;
using Workspaces.LocalCluster.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>A cluster of its own, because it is stopped and started.</summary>
public sealed class RestartTests() : OwnTests("stop and start"), IAsyncLifetime
{
    private readonly NodeFixture _cluster = new();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Restart_RunningPod_ComesBackWithItsEmptyDirAndACountedRestart()
    {
        var ns = await _cluster.NewNamespaceAsync();
        var pod = ShellPod("stays", "echo run >> /data/runs; exec sleep 1000");
        pod.Spec.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        await _cluster.CreateAsync(ns, pod);
        await _cluster.ReadyPodAsync(ns, "stays");

        await _cluster.RestartAsync();

        var back = await _cluster.PodAsync(ns, "stays", found => found.Status.ContainerStatuses[0].RestartCount == 1 && IsReady(found));
        Assert.Equal("Unknown", back.Status.ContainerStatuses[0].LastState.Terminated.Reason);
        await EventuallyAsync(async () => (await _cluster.ExecAsync(ns, "stays", "main", "cat", "/data/runs")).Output == "run\nrun\n");
    }

    [Fact]
    public async Task Stop_WithRunningPods_LeavesNothingBehind()
    {
        var ns = await _cluster.NewNamespaceAsync();
        var pod = ShellPod("runs", "exec sleep 987654");
        await _cluster.CreateAsync(ns, pod);
        await _cluster.ReadyPodAsync(ns, "runs");
        var folders = new NodeFolders(_cluster.StateFolder);
        Assert.True(Directory.Exists($"/sys/class/net/wsc{folders.Id}"));
        Assert.NotEmpty(ProcessesWith("987654"));

        await _cluster.StopAsync();

        Assert.Empty(ProcessesWith("987654"));
        Assert.False(Directory.Exists($"/sys/class/net/wsc{folders.Id}"));
        Assert.False(Directory.Exists(folders.Runtime));
        Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", $"workspaces-{folders.Id}", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }));
        Assert.DoesNotContain(_cluster.StateFolder, await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAFolderInUse_IsRefusedWithTheReason()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => NodeSetup.CreateAsync(new NodeOptions { StateFolder = _cluster.StateFolder }, new HashSet<string>(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default));

        Assert.Contains("Another LocalCluster uses the state folder", error.Message, StringComparison.Ordinal);
    }

    private static List<string> ProcessesWith(string argument) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => Path.Combine(folder, "cmdline"))
            .Where(File.Exists)
            .Select(TryRead)
            .Where(command => command.Contains(argument, StringComparison.Ordinal)),
    ];

    /// <summary>Processes end while one looks at them.</summary>
    private static string TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
