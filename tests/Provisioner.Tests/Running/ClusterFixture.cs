using k8s;
using Workspaces.LocalCluster;
using Workspaces.LocalCluster.Hosting;
using Xunit;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>A Kubernetes API over real HTTPS, without a node: what a kubelet would report, the tests report (<see cref="Kubelet"/>).</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workspaces-provisioner-tests-").FullName;
    private LocalClusterHost? _cluster;

    /// <summary>Kubeconfig of an administrator.</summary>
    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>Public key file of a user CA.</summary>
    public string UserCa => Path.Combine(_folder, "user_ca.pub");

    /// <summary>A client for what the tests do themselves.</summary>
    public IKubernetes Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(UserCa, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHYkp6v9mJr8Zk3b0b1m2n3o4p5q6r7s8t9u0v1w2x3y user-ca\n");
        _cluster = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            StateFolder = Path.Combine(_folder, "state"),
            KubeconfigFile = Kubeconfig,
            Port = 0,
            SidePort = 0,
            WithNode = false,
        });
        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
