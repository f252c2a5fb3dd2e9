using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>
/// The variables by which containers find the Services that were there before them
/// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables). Pure.
/// </summary>
internal static class ServiceVariables
{
    /// <summary>Those of the API itself always, those of the pod's namespace unless it does not want them.</summary>
    public static Dictionary<string, string> For(V1Pod pod, IEnumerable<V1Service> services)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var ns = pod.Metadata.NamespaceProperty;
        var links = pod.Spec.EnableServiceLinks != false;
        foreach (var service in services.Where(HasAddress).OrderBy(service => service.Metadata.NamespaceProperty == ns))
        {
            if ((links && service.Metadata.NamespaceProperty == ns) || service.Metadata is { Name: "kubernetes", NamespaceProperty: "default" })
            {
                Add(service, result);
            }
        }

        return result;
    }

    private static bool HasAddress(V1Service service) => service.Spec is { ClusterIP: not (null or "" or "None"), Ports.Count: > 0 };

    private static void Add(V1Service service, Dictionary<string, string> result)
    {
        var (name, address) = (Name(service.Metadata.Name), service.Spec.ClusterIP);
        result[name + "_SERVICE_HOST"] = address;
        result[name + "_SERVICE_PORT"] = Number(service.Spec.Ports[0].Port);
        foreach (var port in service.Spec.Ports.Where(port => !string.IsNullOrEmpty(port.Name)))
        {
            result[$"{name}_SERVICE_PORT_{Name(port.Name)}"] = Number(port.Port);
        }

        foreach (var (index, port) in service.Spec.Ports.Index())
        {
            var protocol = (port.Protocol ?? "TCP").ToLowerInvariant();
            var url = $"{protocol}://{address}:{Number(port.Port)}";
            if (index == 0)
            {
                result[name + "_PORT"] = url;
            }

            var prefix = $"{name}_PORT_{Number(port.Port)}_{protocol.ToUpperInvariant()}";
            result[prefix] = url;
            result[prefix + "_PROTO"] = protocol;
            result[prefix + "_PORT"] = Number(port.Port);
            result[prefix + "_ADDR"] = address;
        }
    }

    private static string Name(string text) => text.Replace('-', '_').ToUpperInvariant();

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
