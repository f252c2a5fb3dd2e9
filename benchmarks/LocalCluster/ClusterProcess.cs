using System.Diagnostics;
using k8s;

namespace Workspaces.LocalCluster.Benchmarks;

/// <summary>A LocalCluster in a process of its own, on a state folder that goes with it.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    public const string Image = "benchmark/host";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _folder;

    private ClusterProcess(Process process, string folder, KubernetesClientConfiguration configuration)
    {
        (_process, _folder) = (process, folder);
        Configuration = configuration;
        Client = new Kubernetes(configuration);
    }

    public KubernetesClientConfiguration Configuration { get; }

    public Kubernetes Client { get; }

    public static async Task<ClusterProcess> StartAsync(bool withNode, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("localcluster-benchmark-").FullName;
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        await File.WriteAllTextAsync(Path.Combine(images, "host.yaml"), $"name: {Image}\nhost: true\n", ct);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "Workspaces.LocalCluster.dll"), "--state", Path.Combine(folder, "state"), "--port", "0", "--side-port", "0"];
        arguments.AddRange(["--images", images, "--kubeconfig", kubeconfig, .. withNode ? (string[])[] : ["--no-node"]]);
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var watch = Stopwatch.StartNew();
        while (!File.Exists(kubeconfig))
        {
            if (process.HasExited || watch.Elapsed > StartLimit)
            {
                throw new InvalidOperationException("LocalCluster did not start; run it by hand to see why.");
            }

            await Task.Delay(20, ct);
        }

        Figures.Print(withNode ? "start" : "start_without_node", watch.Elapsed.TotalMilliseconds, "ms");
        return new ClusterProcess(process, folder, KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
    }

    /// <summary>The memory of the process that is in use.</summary>
    public double ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024.0 * 1024.0);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        var watch = Stopwatch.StartNew();
        using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        Figures.Print("stop", watch.Elapsed.TotalMilliseconds, "ms");
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
