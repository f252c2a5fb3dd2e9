using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Hosting;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>Controllers know nothing but what is stored: stopped at any point, they go on where they were.</summary>
public sealed class ControllerRestartTests() : OwnTests("stopping and starting the cluster"), IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-restart-").FullName;
    private LocalClusterHost _host = null!;
    private Kubernetes _client = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Restart_InTheMiddleOfARollout_FinishesItWithoutMakingAnythingTwice()
    {
        await _client.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "a" } });
        await Eventually.TrueAsync(async () => (await _client.ListNamespacedServiceAccountAsync("a")).Items.Count > 0);
        var kit = new WorkloadKit(_client, "a");
        await kit.CreateAsync(Deployment("web", 3));
        await kit.RolledOutAsync("web");

        for (var version = 2; version <= 4; version++)
        {
            await kit.SetVersionAsync("web", $"{version}");
            await StopAsync();
            await StartAsync();
            kit = new WorkloadKit(_client, "a");
        }

        await kit.RolledOutAsync("web");
        Assert.All(await kit.PodsAsync(3), pod => Assert.Equal("4", pod.Metadata.Annotations["version"]));
        var sets = await kit.ReplicaSetsAsync();
        Assert.Equal(sets.Count, sets.Select(set => set.Spec.Template.Metadata.Annotations?["version"] ?? "1").Distinct().Count());
        Assert.Equal(3, sets.Sum(set => set.Spec.Replicas));
    }

    [Fact]
    public async Task Restart_WhileManyPodsAreMade_EndsWithExactlyThose()
    {
        await _client.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "a" } });
        await Eventually.TrueAsync(async () => (await _client.ListNamespacedServiceAccountAsync("a")).Items.Count > 0);
        await new WorkloadKit(_client, "a").CreateAsync(ReplicaSet("web", 200));

        await StopAsync();
        await StartAsync();

        var kit = new WorkloadKit(_client, "a");
        await kit.ReplicaSetAsync("web", found => found.Status?.Replicas == 200);
        Assert.Equal(200, (await kit.PodsAsync()).Count);
    }

    private async Task StartAsync()
    {
        _host = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            StateFolder = _folder,
            KubeconfigFile = Path.Combine(_folder, "kubeconfig"),
            Port = 0,
            SidePort = 0,
            WithNode = false,
        });
        _client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_host.KubeconfigFile));
    }

    private async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }
}
