using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.Cluster;
using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Leading;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Provisioner.Standalone;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>
/// A Provisioner without bus and lease, against the real API: the same services, watcher and reconcile loop. Disposing it is a crash as far
/// as the cluster can tell: whatever it was doing is cut off.
/// </summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _work;

    private Worker(ServiceProvider services)
    {
        _services = services;
        _work = Task.Run(() => services.GetRequiredService<IWorkerDuty>().RunAsync(_ending.Token));
    }

    public RecordStore Records => _services.GetRequiredService<RecordStore>();

    /// <summary>Whether it took over from one that was cut off.</summary>
    public bool IsReplacement { get; private init; }

    public static async Task<Worker> StartAsync(
        ClusterFixture cluster,
        RecordingPublisher broker,
        string troubleMayLast = "00:00:01",
        string startWithin = "00:05:00",
        bool isReplacement = false)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kubernetes:Kubeconfig"] = cluster.Kubeconfig,
            ["UserCa:PublicKeyFile"] = cluster.UserCa,
            ["Reconcile:TroubleMayLast"] = troubleMayLast,
            ["Reconcile:StartWithin"] = startWithin,
        }).Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IEventPublisher>(broker)
            .AddSingleton<IServiceQueue, IdleServiceQueue>()
            .AddSingleton<StandaloneStart>()
            .AddWorkerCore<StandaloneReconciler>(configuration, WorkspaceModel.Standalone, options => PodScope.Standalone(options.Namespace))
            .BuildServiceProvider();
        await services.GetRequiredService<NamespaceSetup>().EnsureAsync(CancellationToken.None);
        return new Worker(services) { IsReplacement = isReplacement };
    }

    /// <summary>A command as the queue would deliver it.</summary>
    public Task HandleAsync(IWorkspaceCommand command) => _services.GetRequiredService<CommandHandler>().HandleAsync(command, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // ended as asked
        }

        _ending.Dispose();
        _services.GetRequiredService<IKubernetes>().Dispose();
        await _services.DisposeAsync();
    }
}
