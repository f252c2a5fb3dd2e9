using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>
/// Which addresses must be listened on, and where to they lead, from what there is: Services' cluster addresses and node ports
/// (https://kubernetes.io/docs/reference/networking/virtual-ips/) and pods' host ports. Pure.
/// </summary>
internal static class ForwardingPlan
{
    public static Dictionary<ForwardedPort, (IReadOnlyList<IPEndPoint> Targets, bool ByClient)> Make(
        ServiceMap services, IEnumerable<V1Pod> pods, IPAddress machine, IPEndPoint? apiServer)
    {
        var plan = new Dictionary<ForwardedPort, (IReadOnlyList<IPEndPoint>, bool)>();
        foreach (var service in services.Services)
        {
            AddService(plan, services, service, machine, apiServer);
        }

        foreach (var pod in pods.Where(pod => pod.Spec.HostNetwork != true && pod.Status?.Phase is not ("Succeeded" or "Failed")))
        {
            AddHostPorts(plan, pod, machine);
        }

        return plan;
    }

    private static void AddService(
        Dictionary<ForwardedPort, (IReadOnlyList<IPEndPoint>, bool)> plan, ServiceMap services, JsonObject service, IPAddress machine, IPEndPoint? apiServer)
    {
        var (ns, name) = (service.Text("metadata", "namespace")!, service.Text("metadata", "name")!);
        if (!IPAddress.TryParse(service.Text("spec", "clusterIP"), out var address))
        {
            return;
        }

        var slices = services.Slices(ns, name).ToList();
        var endpoints = ServiceEndpoint.Of(slices);
        var byClient = service.Text("spec", "sessionAffinity") == "ClientIP";
        var isApi = name == "kubernetes" && ns == "default";
        foreach (var port in service.Objects("spec", "ports").Where(port => port.Text("protocol") is null or "TCP" or "UDP"))
        {
            var protocol = port.Text("protocol") ?? "TCP";
            IReadOnlyList<IPEndPoint> targets = isApi && apiServer is not null
                ? [apiServer]
                : ServiceEndpoint.Port(slices, port.Text("name")) is { } number ? [.. endpoints.Select(endpoint => new IPEndPoint(endpoint.Address, number))] : [];
            var owner = $"Service {ns}/{name}";
            plan[new ForwardedPort(protocol, new IPEndPoint(address, (int)port.Number("port")!.Value), false, owner)] = (targets, byClient);
            if (port.Number("nodePort") is > 0 and var nodePort)
            {
                plan[new ForwardedPort(protocol, new IPEndPoint(machine, (int)nodePort), true, owner)] = (targets, byClient);
            }
        }
    }

    private static void AddHostPorts(Dictionary<ForwardedPort, (IReadOnlyList<IPEndPoint>, bool)> plan, V1Pod pod, IPAddress machine)
    {
        if (!IPAddress.TryParse(pod.Status?.PodIP, out var address))
        {
            return;
        }

        var sidecars = (pod.Spec.InitContainers ?? []).Where(container => container.RestartPolicy == "Always");
        foreach (var port in pod.Spec.Containers.Concat(sidecars).SelectMany(container => container.Ports ?? []).Where(port => port is { HostPort: > 0, Protocol: null or "TCP" or "UDP" }))
        {
            var host = IPAddress.TryParse(port.HostIP, out var given) && !given.Equals(IPAddress.Any) ? given : machine;
            plan[new ForwardedPort(port.Protocol ?? "TCP", new IPEndPoint(host, port.HostPort!.Value), true, $"Pod {pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}")] =
                ([new IPEndPoint(address, port.ContainerPort)], false);
        }
    }
}
