using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Services.Names;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>
/// Makes Services work for pods: their cluster addresses, node ports and host ports lead to pods, and names resolve. Watches the API; keeps nothing that a restart
/// would need.
/// </summary>
internal sealed class ServiceRouter(IClusterApi api, string nodeName, NodeNetwork network, ServiceRouterNamespace router, Func<IPEndPoint?> apiServer, ILogger log)
{
    private const string Component = "kube-proxy";
    private const string UsualAddress = "10.96.0.10";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly ServiceMap _services = new();
    private readonly ConcurrentDictionary<string, V1Pod> _hostPortPods = new(StringComparer.Ordinal);
    private readonly WakeSignal _wake = new();

    /// <summary>Makes the Service of the cluster's DNS, where it is missing, and returns its address.</summary>
    public static async Task<IPAddress> DnsAddressAsync(IClusterApi api, CancellationToken ct)
    {
        var service = api.Get(ResourceTypes.Services, "kube-system", "kube-dns");
        if (service is null)
        {
            // A cluster of before this Service was made may have given its usual address away.
            var free = !api.List(ResourceTypes.Services).Items.Any(other => other.Text("spec", "clusterIP") == UsualAddress);
            service = await api.CreateAsync(ResourceTypes.Services, "kube-system", KubernetesModel.ToJson(new V1Service
            {
                ApiVersion = "v1",
                Kind = "Service",
                Metadata = new V1ObjectMeta
                {
                    Name = "kube-dns",
                    NamespaceProperty = "kube-system",
                    Labels = new Dictionary<string, string> { ["k8s-app"] = "kube-dns", ["kubernetes.io/cluster-service"] = "true", ["kubernetes.io/name"] = "CoreDNS" },
                },
                Spec = new V1ServiceSpec
                {
                    ClusterIP = free ? UsualAddress : null,
                    Ports =
                    [
                        new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP", TargetPort = 53 },
                        new V1ServicePort { Name = "dns-tcp", Port = 53, Protocol = "TCP", TargetPort = 53 },
                    ],
                },
            }), "localcluster", ct);
        }

        return IPAddress.Parse(service.Text("spec", "clusterIP")!);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(IPAddress dnsAddress, CancellationToken ct)
    {
        await using var names = await NameServer.StartAsync(router.File, dnsAddress, new ClusterNames(_services), new UpstreamResolver("/etc/resolv.conf"), log);
        await using var forwarding = new PortForwarding(router.File, log);
        await Task.WhenAll(
            ResourceWatcher.RunAsync(api, ResourceTypes.Services, Then<IReadOnlyList<JsonObject>>(_services.SetServices), Then<WatchEvent>(change => _services.NoteService(change.Object, IsGone(change))), log, ct),
            ResourceWatcher.RunAsync(api, ResourceTypes.EndpointSlices, Then<IReadOnlyList<JsonObject>>(_services.SetSlices), Then<WatchEvent>(change => _services.NoteSlice(change.Object, IsGone(change))), log, ct),
            ResourceWatcher.RunAsync(api, ResourceTypes.Pods, SetPods, change => NotePod(change.Object, IsGone(change)), log, ct),
            LoopAsync(forwarding, ct));
    }

    private static bool IsGone(WatchEvent change) => change.Type == WatchEvent.Deleted;

    private static bool HasHostPort(JsonObject pod) =>
        pod.Objects("spec", "containers").Concat(pod.Objects("spec", "initContainers")).SelectMany(container => container.Objects("ports")).Any(port => port.Number("hostPort") is > 0);

    private Action<T> Then<T>(Action<T> note) => value =>
    {
        note(value);
        _wake.Set();
    };

    private void SetPods(IReadOnlyList<JsonObject> pods)
    {
        _hostPortPods.Clear();
        foreach (var pod in pods)
        {
            NotePod(pod, gone: false);
        }
    }

    private void NotePod(JsonObject pod, bool gone)
    {
        var uid = pod.Text("metadata", "uid")!;
        if (!gone && pod.Text("spec", "nodeName") == nodeName && HasHostPort(pod))
        {
            _hostPortPods[uid] = pod.To<V1Pod>();
            _wake.Set();
        }
        else if (_hostPortPods.TryRemove(uid, out _))
        {
            _wake.Set();
        }
    }

    private async Task LoopAsync(PortForwarding forwarding, CancellationToken ct)
    {
        TimeSpan? delay = null;
        while (true)
        {
            await _wake.WaitAsync(delay, ct);
            var server = apiServer();
            var problems = await forwarding.ApplyAsync(ForwardingPlan.Make(_services, _hostPortPods.Values, network.HostAddress, server));

            // Where the API listens is known a moment after the node has started.
            delay = server is null ? TimeSpan.FromMilliseconds(100) : problems.Count > 0 ? Retry : null;
            foreach (var (port, reason) in problems)
            {
                Report(port, reason);
            }
        }
    }

    /// <summary>An address that somebody else on this machine has is not for the user to find out by trying.</summary>
    private void Report(ForwardedPort port, string reason)
    {
        var parts = port.Owner.Split(' ', '/');
        var type = parts[0] == "Pod" ? ResourceTypes.Pods : ResourceTypes.Services;
        if (api.Get(type, parts[1], parts[2]) is { } involved)
        {
            api.RecordEvent(involved, "Warning", "PortNotAvailable", $"{port.Protocol} {port.Address} of this machine cannot be listened on: {reason}", Component);
        }
    }
}
