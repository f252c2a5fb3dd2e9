using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Hosting;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>
/// The cluster under test: the one that WORKSPACES_TEST_KUBECONFIG names, else a LocalCluster of its own without a node. Tests talk to it by
/// the Kubernetes API alone, each in a namespace of its own.
/// </summary>
public sealed class ApiCluster : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-").FullName;
    private readonly ConcurrentBag<string> _namespaces = [];
    private LocalClusterHost? _host;

    public string KubeconfigFile { get; private set; } = "";

    public Kubernetes Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        KubeconfigFile = TestCluster.Kubeconfig ?? Path.Combine(_folder, "kubeconfig");
        if (TestCluster.IsLocal)
        {
            _host = await LocalClusterHost.StartAsync(new LocalClusterOptions
            {
                StateFolder = _folder,
                KubeconfigFile = KubeconfigFile,
                Port = 0,
                SidePort = 0,
                WithNode = false,
            });
        }

        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigFile));
    }

    /// <summary>A new namespace with its service account, as a pod needs it.</summary>
    public async Task<string> NamespaceAsync()
    {
        var made = await Client.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { GenerateName = "test-" } });
        var name = made.Metadata.Name;
        await Eventually.TrueAsync(async () => (await Client.ListNamespacedServiceAccountAsync(name)).Items.Any(a => a.Metadata.Name == "default"));
        _namespaces.Add(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        await TestCluster.DeleteAsync(Client, _namespaces);
        Client.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
