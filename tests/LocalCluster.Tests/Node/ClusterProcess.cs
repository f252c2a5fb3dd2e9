using System.Diagnostics;
using System.Globalization;
using k8s;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>LocalCluster as users run it: a process of its own, that can be killed.</summary>
internal sealed class ClusterProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _kubeconfig;

    private ClusterProcess(Process process, string kubeconfig) => (_process, _kubeconfig) = (process, kubeconfig);

    public Kubernetes? Client { get; private set; }

    public static ClusterProcess Start(string folder)
    {
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        File.Delete(kubeconfig);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Workspaces.LocalCluster.dll"), "--state", Path.Combine(folder, "state"), "--port", "0", "--side-port", "0",
            "--images", Path.Combine(folder, "images"), "--kubeconfig", kubeconfig,
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ClusterProcess(process, kubeconfig);
    }

    /// <summary>Waits until the API serves.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(
        () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"LocalCluster ended with exit code {_process.ExitCode}.");
            }

            if (!File.Exists(_kubeconfig))
            {
                return Task.FromResult(false);
            }

            Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_kubeconfig));
            return Task.FromResult(true);
        }, "LocalCluster serves", TimeSpan.FromSeconds(120));

    /// <summary>As the kernel does it when memory is short, or a user in a hurry.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As a service manager does it; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
