using System.Net;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Probes;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Node.Scheduling;
using Workspaces.LocalCluster.Node.Services;
using Workspaces.LocalCluster.Node.Streams;
using Workspaces.LocalCluster.Node.Volumes;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node;

/// <summary>
/// The cluster's only node: registers itself, schedules pods and runs them as processes of this machine. Disposing it ends
/// every process and takes away every mount, interface and cgroup; the pods' objects stay, and a start on the same folder
/// brings the pods back. After a kill, the next start takes away what was left first.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly NodeFolders _folders;
    private readonly NodeNamespaces _namespaces;
    private readonly NodeCgroups _cgroups;
    private readonly NodeNetwork _network;
    private readonly ServiceRouterNamespace _router;
    private readonly FileStream _lock;
    private readonly ContainerStarter _starter;
    private readonly OciRuntime _runtime;
    private readonly Task _loops;

    private ClusterNode(NodeSetup setup, NodeOptions options, IClusterApi api, IPAddress dns, Func<IPEndPoint?> apiServer, IServiceAccountTokens? tokens, TimeProvider time, ILogger log)
    {
        _router = setup.Router;
        (_folders, _namespaces, _cgroups, _network, _lock) = (setup.Folders, setup.Namespaces, setup.Cgroups, setup.Network, setup.Lock);
        var switches = new FaultSwitches();
        var runtime = _runtime = new OciRuntime(_namespaces, _cgroups, _folders.Runtime);
        var fields = new PodFields(_network.HostAddress, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var specs = new ContainerSpecFactory(_folders, _cgroups, new ContainerEnvironment(api, fields));
        _starter = new ContainerStarter(_folders, new RootFileSystem(_namespaces, _folders.State), runtime, specs, _cgroups, time);
        var node = new NodeParts
        {
            NodeName = options.Name,
            Api = api,
            Folders = _folders,
            Namespaces = _namespaces,
            Cgroups = _cgroups,
            Network = _network,
            Runtime = runtime,
            Images = setup.Images,
            Starter = _starter,
            Volumes = new PodVolumes(_folders, _namespaces, api, new ObjectFiles(api, fields, tokens)),
            DnsAddress = dns,
            PodPidsLimit = options.PodPidsLimit,
            Faults = switches,
            Time = time,
            Log = log,
        };
        var events = new PodEvents(api);
        var handlers = new HandlerRunner(runtime);
        var stops = new ContainerStops(node, handlers, events);
        var sandboxes = new PodSandboxes(node);
        var status = new PodStatusWriter(api, switches, time);
        var containers = new ContainerSync(node, new ImagePuller(setup.Images, switches, events, time), events, handlers, stops);
        var pods = new PodManager(node, new PodParts(
            sandboxes, containers, new PodRemoval(node, sandboxes, stops, status), status, events, new PodAdmission(node, events), new PodLimits(node, events)));
        Streams = new PodStreams(pods, runtime, _namespaces, _folders, switches);
        Faults = new NodeFaults(switches, pods, runtime);
        var registration = new NodeRegistration(options, api, _network, new NodeStatus(options, _network, setup.Images), switches, time, log);
        var services = new ServiceRouter(api, options.Name, _network, _router, apiServer, log);
        _loops = Task.Run(async () =>
        {
            await registration.RegisterAsync(_stopping.Token);
            NodeLog.Started(log, options.Name, _network.Subnet.ToString(), _folders.Node);
            await Task.WhenAll(
                registration.RunAsync(_stopping.Token), new PodScheduler(api, options.Name, time, log).RunAsync(_stopping.Token), services.RunAsync(dns, _stopping.Token), pods.RunAsync(_stopping.Token));
        });
    }

    /// <summary>exec, attach, logs and port-forward of the node's pods.</summary>
    public IPodStreams Streams { get; }

    /// <summary>What can be made to go wrong with this node.</summary>
    public INodeFaults Faults { get; }

    /// <summary>Ends with the node; a failure in it means that the node no longer works.</summary>
    public Task Completion => _loops;

    /// <summary>Prepares this machine and starts to look after pods. <paramref name="apiServer"/> says where the API listens, once it does.</summary>
    /// <exception cref="InvalidOperationException">Something that the node needs of this machine is missing; the message names it.</exception>
    public static async Task<ClusterNode> StartAsync(
        NodeOptions options, IClusterApi api, Func<IPEndPoint?> apiServer, IServiceAccountTokens? tokens, TimeProvider time, ILogger<ClusterNode> log, CancellationToken ct)
    {
        var dns = await ServiceRouter.DnsAddressAsync(api, ct);
        var setup = await NodeSetup.CreateAsync(options, api.List(ResourceTypes.Pods).Items.Select(pod => (string)pod["metadata"]!["uid"]!).ToHashSet(), log, ct);
        return new ClusterNode(setup, options, api, dns, apiServer, tokens, time, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // Whatever ended the loops, a failure too (Completion has it), the machine is to be left clean.
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _router.DisposeAsync();
        await _namespaces.DisposeAsync();
        await _starter.AllEndedAsync();
        await _runtime.AllCommandsEndedAsync();
        await NodeSetup.RemoveAsync(_network, _cgroups, _folders);
        await _lock.DisposeAsync();
        _stopping.Dispose();
    }
}
