using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>Values of the downward API: fields of a pod and resources of a container, as text.</summary>
internal sealed partial class PodFields(IPAddress hostAddress, decimal nodeCpus, decimal nodeMemory)
{
    /// <summary>The value of a fieldPath; addresses come from <paramref name="podAddress"/> because the status may lag.</summary>
    public string Field(V1Pod pod, string path, IPAddress? podAddress = null)
    {
        if (Subscript().Match(path) is { Success: true } match)
        {
            var map = match.Groups["map"].Value == "labels" ? pod.Metadata.Labels : pod.Metadata.Annotations;
            return map?.TryGetValue(match.Groups["key"].Value, out var value) == true ? value : "";
        }

        return path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.NamespaceProperty,
            "metadata.uid" => pod.Metadata.Uid,
            "metadata.labels" => Lines(pod.Metadata.Labels),
            "metadata.annotations" => Lines(pod.Metadata.Annotations),
            "spec.nodeName" => pod.Spec.NodeName ?? "",
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "",
            "status.hostIP" or "status.hostIPs" => hostAddress.ToString(),
            "status.podIP" or "status.podIPs" => podAddress?.ToString() ?? pod.Status?.PodIP ?? "",
            _ => throw new VolumeNotReadyException($"unsupported fieldPath: {path}"),
        };
    }

    /// <summary>The value of a resourceFieldRef. Where there is no limit, a container's limit is what the node has.</summary>
    public string Resource(V1Container container, V1ResourceFieldSelector selector)
    {
        var parts = selector.Resource.Split('.', 2);
        var source = parts[0] == "limits" ? container.Resources?.Limits : container.Resources?.Requests;
        decimal value;
        if (source?.TryGetValue(parts[1], out var quantity) == true)
        {
            value = quantity.ToDecimal();
        }
        else
        {
            value = (parts[0], parts[1]) switch
            {
                ("limits", "cpu") => nodeCpus,
                ("limits", "memory") => nodeMemory,
                _ => 0,
            };
        }

        var divisor = selector.Divisor is { } given && given.ToDecimal() != 0 ? given.ToDecimal() : 1;
        return Math.Ceiling(value / divisor).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A container or init container of the pod by name.</summary>
    public static V1Container Container(V1Pod pod, string? name) =>
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(container => container.Name == name)
            ?? throw new VolumeNotReadyException($"container {name} not found");

    private static string Lines(IDictionary<string, string>? map) =>
        string.Join('\n', (map ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}=\"{Escape(pair.Value)}\""));

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^metadata\.(?<map>labels|annotations)\['(?<key>[^']+)'\]$")]
    private static partial Regex Subscript();
}
