using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.Endpoints;

/// <summary>Ports and endpoints of a slice from a Service and the pods it selects. Pure.</summary>
internal static class EndpointSliceContent
{
    public static JsonObject Build(V1Service service, IReadOnlyList<V1Pod> pods) => new()
    {
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray([.. pods.Select(pod => Endpoint(service, pod))]),
        ["ports"] = new JsonArray([.. (service.Spec.Ports ?? []).Select(port => Port(port, pods))]),
    };

    private static JsonObject Endpoint(V1Service service, V1Pod pod)
    {
        var terminating = PodConditions.IsTerminating(pod);
        var serving = PodConditions.IsReady(pod) || service.Spec.PublishNotReadyAddresses == true;
        var endpoint = new JsonObject
        {
            ["addresses"] = new JsonArray(pod.Status.PodIP),
            ["conditions"] = new JsonObject
            {
                ["ready"] = serving && (!terminating || service.Spec.PublishNotReadyAddresses == true),
                ["serving"] = serving,
                ["terminating"] = terminating,
            },
        };
        if (!string.IsNullOrEmpty(pod.Spec.Hostname) && pod.Spec.Subdomain == service.Metadata.Name)
        {
            endpoint["hostname"] = pod.Spec.Hostname;
        }

        endpoint["nodeName"] = pod.Spec.NodeName;
        endpoint["targetRef"] = new JsonObject
        {
            ["kind"] = "Pod",
            ["namespace"] = pod.Metadata.NamespaceProperty,
            ["name"] = pod.Metadata.Name,
            ["uid"] = pod.Metadata.Uid,
        };
        return endpoint;
    }

    private static JsonObject Port(V1ServicePort port, IReadOnlyList<V1Pod> pods)
    {
        var result = new JsonObject { ["name"] = port.Name ?? "", ["protocol"] = port.Protocol ?? "TCP" };
        if (Number(port, pods) is { } number)
        {
            result["port"] = number;
        }

        return result;
    }

    /// <summary>A named target port is looked up in the pods; they agree on it, or the first that has it counts.</summary>
    private static int? Number(V1ServicePort port, IReadOnlyList<V1Pod> pods)
    {
        if (port.TargetPort?.Value is not { Length: > 0 } target || target == "0")
        {
            return port.Port;
        }

        return int.TryParse(target, CultureInfo.InvariantCulture, out var number)
            ? number
            : pods.SelectMany(pod => pod.Spec.Containers).SelectMany(container => container.Ports ?? []).FirstOrDefault(candidate => candidate.Name == target)?.ContainerPort;
    }
}
