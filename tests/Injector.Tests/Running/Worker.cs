using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.Cluster;
using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Leading;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Injecting;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Injector.Tests.Running;

/// <summary>
/// An Injector without bus and lease, as its service account, against a real API: the same services, watcher and reconcile loop. Disposing
/// it is a crash as far as the cluster can tell: whatever it was doing is cut off.
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

    public static Worker Start(ClusterFixture cluster, RecordingPublisher broker, string troubleMayLast = "00:00:03", string startWithin = "00:05:00")
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kubernetes:Kubeconfig"] = cluster.InjectorKubeconfig,
            ["UserCa:PublicKeyFile"] = cluster.UserCa,
            ["Reconcile:TroubleMayLast"] = troubleMayLast,
            ["Reconcile:StartWithin"] = startWithin,
            ["Injection:Requester:ExtraGroups:alice:0"] = "developers",
        }).Build();
        return new Worker(new ServiceCollection()
            .AddLogging()
            .AddSingleton<IEventPublisher>(broker)
            .AddSingleton<IServiceQueue, IdleServiceQueue>()
            .AddInjection(configuration)
            .AddWorkerCore<InjectionReconciler>(configuration, WorkspaceModel.Injection, _ => PodScope.Injected())
            .BuildServiceProvider());
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
