using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Events about pods, in the kubelet's words.</summary>
internal sealed class PodEvents(IClusterApi api)
{
    private const string Component = "kubelet";

    public void Normal(PodState pod, PodContainer? container, string reason, string message) => Record(pod, container, "Normal", reason, message);

    public void Warning(PodState pod, PodContainer? container, string reason, string message) => Record(pod, container, "Warning", reason, message);

    private void Record(PodState pod, PodContainer? container, string type, string reason, string message)
    {
        var involved = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = pod.Pod.Metadata.Name,
                ["namespace"] = pod.Pod.Metadata.NamespaceProperty,
                ["uid"] = pod.Uid,
                ["resourceVersion"] = pod.Pod.Metadata.ResourceVersion,
            },
        };
        if (container is not null)
        {
            // As an object reference has it: which part of the object the event is about.
            var list = container.Role switch
            {
                ContainerRole.Main => "containers",
                ContainerRole.Ephemeral => "ephemeralContainers",
                _ => "initContainers",
            };
            involved["fieldPath"] = $"spec.{list}{{{container.Name}}}";
        }

        api.RecordEvent(involved, type, reason, message, Component);
    }
}
